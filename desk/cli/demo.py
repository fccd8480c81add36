"""`parley demo`: load the demonstration cases, or watch a whole one go by on a simulated clock."""

from __future__ import annotations

import typer

app = typer.Typer(invoke_without_command=True, help="Load the demonstration cases, or play one.")


@app.callback()
def load() -> None:
    """Load the demonstration cases."""
