"""The command line `parley`: the operator's front door on the machine itself.

Nothing heavy is imported until a command needs it, so help and small questions answer at once; Prefect is never
imported here at all, only by the children that `parley up` starts.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from desk.cli import output, processes
from states import errors

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """Commands whose errors are told in one sentence and end in the exit code of the one table."""

    def invoke(self, ctx: typer.Context) -> Any:  # noqa: ANN401 - as its base says
        """Run a command."""
        try:
            return super().invoke(ctx)
        except errors.ParleyError as error:
            raise output.fail(error, ctx) from None


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Parley runs disputes between organisations from notice to closure.",
)
app.add_typer(processes.app, name="process")


def main() -> None:
    """Run the command line."""
    app(prog_name="parley")
