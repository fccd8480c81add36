"""The command line `parley`: the operator's front door on the machine itself.

Nothing heavy is imported until a command needs it, so help and small questions answer at once; Prefect is never
imported here at all, only by the children that `parley up` starts.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from desk.cli import (
    cases,
    checks,
    clauses,
    committees,
    demo,
    deputies,
    mails,
    neutrals,
    notebook,
    organisations,
    output,
    people,
    posts,
    process_rehearsals,
    running,
    scenarios,
    search,
    tokens,
    watching,
    ways_in,
)
from states import errors

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """Commands whose errors are told in one sentence and end in the exit code of the one table."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer keeps the type of its own context to itself
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
app.command()(running.up)
app.command()(running.tick)
app.add_typer(cases.app, name="case")
app.add_typer(search.app, name="search")
app.add_typer(mails.app, name="mail")
app.add_typer(process_rehearsals.app, name="process")
app.add_typer(clauses.app, name="clauses")
app.command()(checks.verify)
app.add_typer(checks.doctors, name="doctor")
app.command()(watching.watchdog)
app.command("signin-link")(people.signin_link)
people.persons.command("end-sessions")(ways_in.end_sessions)
people.persons.command("forget-factors")(ways_in.forget_factors)
people.persons.command("link-account")(ways_in.link_account)
app.add_typer(people.persons, name="person")
app.add_typer(organisations.app, name="organisation")
app.add_typer(posts.app, name="post")
app.add_typer(deputies.app, name="deputy")
app.add_typer(tokens.app, name="token")
app.add_typer(committees.app, name="committees")
app.add_typer(neutrals.app, name="neutrals")
app.add_typer(notebook.app, name="notebook")
app.add_typer(demo.app, name="demo")
app.add_typer(scenarios.app, name="scenario")
app.command()(checks.version)


def main() -> None:
    """Run the command line."""
    app(prog_name="parley")
