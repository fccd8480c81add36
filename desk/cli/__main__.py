"""Runs the command line as `python -m desk.cli`, which is how its own children are started."""

from desk.cli import main

main()
