"""The list of cases of a busy office, beside the bare statement that reads as many rows of it.

One person has a part in every tenth of many cases. Each list is read by the public function in turns with one bare
statement over the same file, which knows neither zones nor definitions. Only the ratios mean anything: how the first
page compares with one far down, and a filtered list with a plain one, is what a change must not spoil.
"""

from __future__ import annotations

import platform
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from sqlalchemy import insert

from benchmarks import acts
from cases import queries, repository, tables
from cases.queries import CaseFilter, SearchFilter, Viewer
from cases.record import Record, open_record
from cases.unit_of_work import reading, unit_of_work

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES, EVERY, ROUNDS = 20_000, 10, 15
COPIED = ("cases", "case_texts", "items", "case_people", "case_readers", "case_listings", "search_entries")
BARE = "SELECT * FROM case_listings JOIN cases ON id = case_id WHERE person_id = ? ORDER BY moved_at DESC LIMIT 25"


def multiply(record: Record) -> None:
    """Copy the prepared cases until there are many; in most copies the convener is somebody else."""
    with reading(record.engine) as connection:
        rows = {name: connection.execute(getattr(tables, name).select()).mappings().all() for name in COPIED}
    for start in range(acts.CASES, CASES, acts.CASES):
        with unit_of_work(record.engine) as work:
            for name, kept in rows.items():
                work.execute(insert(getattr(tables, name)), [dict(_copied(row, start)) for row in kept])
    with record.engine.begin() as work:
        work.exec_driver_sql("INSERT INTO search_words(search_words) VALUES ('rebuild')")


def _copied(row: object, start: int) -> Iterator[tuple[str, object]]:
    """Yield the columns of a row as those of another case."""
    values = dict(row)  # type: ignore[call-overload] # a row by its columns
    of = values.get("case_id") or values["id"]
    nth = start + int(str(of).removeprefix("case"))
    for name, value in values.items():
        if name == "case_id" or (name == "id" and "number" in values):
            yield name, f"case{nth}"
        elif name == "number":
            yield name, f"X-{nth:06}"
        elif name == "person_id" and value == acts.CONVENER.person and nth % EVERY:
            yield name, "somebody"
        elif not (name == "id" and "words" in values):
            yield name, value


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of one call."""
    began = time.process_time()
    work()
    return time.process_time() - began


def lists(record: Record) -> dict[str, Callable[[], object]]:
    """Name the lists that are measured."""
    who = Viewer(acts.CONVENER)
    far = None
    for _ in range(40):
        far = queries.list_cases(record, who, after=far).next

    def cases(**wanted: object) -> Callable[[], object]:
        return lambda: queries.list_cases(record, who, wanted=CaseFilter(**wanted))  # type: ignore[arg-type] # any field

    return {
        "first page": cases(),
        "page 41": lambda: queries.list_cases(record, who, after=far),
        "by due date": lambda: queries.list_cases(record, who, sort="due"),
        "by a word": cases(words="case 12"),
        "waiting for me": cases(waits_on=queries.Waits.ME),
        "counted": lambda: queries.count_cases(record, who),
        "searched": lambda: queries.search(record, who, SearchFilter(words="first")),
    }


def main() -> None:
    """Measure in turns and print the ratios."""
    print(f"{platform.platform()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "many.db"
        acts.prepare(path)
        record = open_record(f"sqlite:///{path}", now=acts.NOW)
        multiply(record)
        raw = sqlite3.connect(path)
        measured = {name: [] for name in lists(record)}  # type: dict[str, list[float]]
        work = lists(record)
        for _ in range(ROUNDS):
            bare = seconds(lambda: raw.execute(BARE, (acts.CONVENER.person,)).fetchall())
            for name, one in work.items():
                measured[name].append(seconds(one) / bare)
        loads = [seconds(lambda: _load(record)) for _ in range(ROUNDS)]
        first = [seconds(work["first page"]) for _ in range(ROUNDS)]
        raw.close()
        record.engine.dispose()
    print(f"{CASES} cases, one person in every {EVERY}th; times of the bare statement, median of {ROUNDS}")
    for name, ratios in measured.items():
        print(f"{name:>16} {median(ratios):>8.1f}")
    print(f"share of the first page that is reading its 25 whole cases: {median(loads) / median(first):.2f}")


def _load(record: Record) -> None:
    with reading(record.engine) as connection:
        repository.load_many(connection, [f"case{EVERY * number}" for number in range(25)])


if __name__ == "__main__":
    main()
