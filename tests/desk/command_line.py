"""The command line as tests use it: a command run in this process, and the JSON it prints."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner, Result

from desk import cli


def run(*arguments: str) -> Result:
    """Run a command; return its exit code and what it printed."""
    return CliRunner().invoke(cli.app, arguments)


def data(*arguments: str) -> Any:  # noqa: ANN401 - JSON holds values of any kind
    """Run a command that goes well, and return the JSON it prints."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)
