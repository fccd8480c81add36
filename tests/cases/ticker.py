"""A worker in a process of its own: `python -m tests.cases.ticker URL OWNER INSTANT` fires what is due by then."""

from __future__ import annotations

import sys
from datetime import datetime

from cases import timers
from tests.cases.builders import desk_on

if __name__ == "__main__":
    url, owner, instant = sys.argv[1:]
    desk = desk_on(url, at=datetime.fromisoformat(instant))
    # Says that it is about to begin, and waits for the word.
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    counts = timers.fire_due_timers(desk.service, limit=5, owner=owner)
    sys.stdout.write(f"{counts.fired} {counts.reminded}\n")
