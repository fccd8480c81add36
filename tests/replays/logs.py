"""Reads the real logs into moves: only what people did; what the clock did is left for the engine to do."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tests.replays.replay import Move, load_definition

if TYPE_CHECKING:
    from pathlib import Path

AUTOMATIC_SINCE = datetime(2012, 9, 1, tzinfo=UTC)
Row = dict[str, str]


def rows_by_case(path: Path) -> dict[str, list[Row]]:
    """Read a log: the rows of each case, in file order."""
    cases: dict[str, list[Row]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            cases[row["case_id"]].append(row)
    return cases


def triggers(definition: str) -> dict[str, str]:
    """Map the names of activities to the acts that carry them as labels."""
    return {trigger.label: trigger.name for trigger in load_definition(definition).triggers.values()}


def at(row: Row) -> datetime:
    """Read a row's instant."""
    return datetime.fromisoformat(row["timestamp"]).astimezone(UTC)


def end(cases: dict[str, list[Row]]) -> datetime:
    """Return the instant of the last entry of a log."""
    return max(at(row) for rows in cases.values() for row in rows)


def fines(cases: dict[str, list[Row]]) -> list[Move]:
    """List what the fines office and the offenders did."""
    names = triggers("fines")
    return [
        _fine(row, names[row["activity"]], rows)
        for rows in cases.values()
        for row in rows
        if row["activity"] != "Add penalty"
    ]


def _fine(row: Row, trigger: str, rows: list[Row]) -> Move:
    inputs: dict[str, object] = {}
    fallback = None
    if trigger == "create":
        inputs = {"sum": row["amount"] or "0"}
    elif trigger == "send":
        inputs = {"costs": row["expense"] or "0"}
    elif trigger == "pay":
        inputs = {"payment": row["paymentAmount"] or "0"}
    elif trigger == "notify":
        inputs, fallback = {"late": _late_amount(rows)}, "record_notification"
    return Move(case=row["case_id"], at=at(row), trigger=trigger, inputs=inputs, fallback=fallback)


def _late_amount(rows: list[Row]) -> str:
    """Take the penalised amount from the log, or double the fine where the log has none."""
    logged = next((row["amount"] for row in rows if row["activity"] == "Add penalty" and row["amount"]), None)
    return logged or str(2 * float(rows[0]["amount"] or 0))


def tickets(cases: dict[str, list[Row]]) -> list[Move]:
    """List what the agents did; since September 2012 the desk closes resolved tickets by itself."""
    names = triggers("helpdesk")
    moves = []
    for rows in cases.values():
        automatic = False
        for row in rows:
            trigger = names.get(row["activity"], row["activity"])
            if trigger == "close" and automatic:
                continue
            inputs: dict[str, object] = {}
            if trigger == "resolve":
                automatic = at(row) >= AUTOMATIC_SINCE
                inputs = {"automatic": automatic}
            fallback = "record_resolution" if trigger == "resolve" else None
            moves.append(Move(case=row["case_id"], at=at(row), trigger=trigger, inputs=inputs, fallback=fallback))
    return moves
