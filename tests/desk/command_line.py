"""The command line as tests use it: a command run in this process, and the JSON it prints."""

from __future__ import annotations

import json
import sys
from functools import cache
from typing import Any

import typer.main
from typer.testing import CliRunner, Result

from desk import cli


def run(*arguments: str) -> Result:
    """Run a command; return its exit code and what it printed."""
    runner, code = CliRunner(), 0
    with runner.isolation() as (out, err, both):
        try:
            command().main(args=list(arguments), prog_name="parley")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        sys.stdout.flush()
        sys.stderr.flush()
        return Result(
            runner,
            stdout_bytes=out.getvalue(),
            stderr_bytes=err.getvalue(),
            output_bytes=both.getvalue(),
            return_value=None,
            exit_code=code,
            exception=None,
        )


@cache
def command() -> Any:  # noqa: ANN401 - typer keeps the type of its commands to itself
    """Build the commands once for all tests: there are many, and each is read from the signature of its function."""
    return typer.main.get_command(cli.app)


def data(*arguments: str) -> Any:  # noqa: ANN401 - JSON holds values of any kind
    """Run a command that goes well, and return the JSON it prints."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
