"""Loads working calendars: YAML and public holidays to a checked `Calendar`, with file and line in every error."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import TypeVar

import holidays
import yaml

from config import entries, yaml_nodes
from states import calendar as calendars
from states import errors, wall_time

SHIPPED = Path(__file__).with_name("calendars")

Thing = TypeVar("Thing")
_Week = tuple[tuple[wall_time.Window, ...], ...]
_Days = dict[date, str]


def load_calendar(path: Path) -> calendars.Calendar:
    """Returns the calendar of a YAML file.

    Keys: `name`, `timezone` (IANA), `valid` ([from, until], both included), `week` (weekday -> windows such as
    "08:00-12:30") and, if wanted, `holidays`: `package` (country, subdivision, language: public holidays of the
    holidays library), `own` (date -> name) and `file` (a CSV file of date and name beside the calendar). Where one
    date comes from several, `own` names it before `file`, and `file` before `package`.
    Raises `DefinitionError` whose text lists every problem found, one a line.
    """
    return _loaded(_text(path), name=str(path), folder=path.parent)


def load_text(text: str, *, name: str) -> calendars.Calendar:
    """Returns the calendar of a text; `name` stands for the file in messages, and no file may lie beside it.

    Raises `DefinitionError`.
    """
    return _loaded(text, name=name, folder=None)


def text_of(calendar: calendars.Calendar) -> str:
    """Writes a calendar as a text that `load_text` reads again, each holiday by its day."""
    content = calendar.content
    own = content.pop("holidays")
    return yaml.safe_dump({**content, "holidays": {"own": own}}, allow_unicode=True, sort_keys=False, width=120)


def _loaded(text: str, *, name: str, folder: Path | None) -> calendars.Calendar:
    problems = yaml_nodes.Problems()
    tree = yaml_nodes.parse(text, file=name, problems=problems)
    top = entries.Entry(tree, problems, place="the calendar")
    named, timezone = top.text("name"), _read(top, "timezone", lambda text: wall_time.find_zone(text).key)
    valid, week = _validity(top), _week(top)
    days = _holidays(top.inner("holidays"), valid=valid, folder=folder)
    top.close()
    problems.settle()
    try:
        return calendars.Calendar(
            name=named, timezone=timezone or "", week=week, valid_from=valid[0], valid_until=valid[1], holidays=days
        )
    except errors.DefinitionError as fault:
        raise errors.DefinitionError(f"{tree.mark}: {fault}") from fault


def shipped_calendars() -> Mapping[str, calendars.Calendar]:
    """Returns the calendars that come with Parley by name; each is read when it is first asked for."""
    return _Shelf(SHIPPED)


class _Shelf(Mapping[str, calendars.Calendar]):
    """The calendars of a folder, each under the name of its file."""

    def __init__(self, folder: Path) -> None:
        """Lists the files without reading them."""
        self._paths = {path.stem: path for path in sorted(folder.glob("*.yaml"))}
        self._read: dict[str, calendars.Calendar] = {}

    def __getitem__(self, name: str) -> calendars.Calendar:
        """Returns a calendar, read once."""
        if name not in self._read:
            self._read[name] = load_calendar(self._paths[name])
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """Yields the names in order."""
        return iter(self._paths)

    def __len__(self) -> int:
        """Counts the calendars."""
        return len(self._paths)

    def __contains__(self, name: object) -> bool:
        """Tells whether there is such a calendar, without reading it."""
        return name in self._paths


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8 text"
        raise errors.DefinitionError(f"{path}:1: the calendar cannot be read ({reason}); check its name") from None


def _read(entry: entries.Entry, key: str, reader: Callable[[str], Thing]) -> Thing | None:
    """Takes a text through a reader; what the reader refuses is noted at the key."""
    text = entry.text(key)
    try:
        return reader(text) if text else None
    except errors.DefinitionError as fault:
        entry.wrong(str(fault), key=key)
        return None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise errors.DefinitionError(f"“{text}” is not a date; write it as 2026-12-24") from None


def _validity(top: entries.Entry) -> tuple[date, date]:
    try:
        match list(map(_day, top.names("valid"))):
            case [first, last] if first <= last:
                return first, last
        top.wrong("“valid” must be the first and the last day, in order, like [2020-01-01, 2035-12-31]", key="valid")
    except errors.DefinitionError as fault:
        top.wrong(f"“valid”: {fault}", key="valid")
    return date.min, date.min


def _week(top: entries.Entry) -> _Week:
    if "week" not in top:
        top.wrong("the calendar has no “week”; add the lines “week:” and “  mon: [08:00-17:00]”")
    week = top.inner("week", place="the week")
    windows = tuple(_windows(week, day) for day in calendars.WEEKDAYS)
    week.close()
    return windows


def _windows(week: entries.Entry, day: str) -> tuple[wall_time.Window, ...]:
    try:
        return tuple(map(wall_time.Window.parse, week.names(day)))
    except errors.DefinitionError as fault:
        week.wrong(str(fault), key=day)
        return ()


def _holidays(entry: entries.Entry, *, valid: tuple[date, date], folder: Path | None) -> _Days:
    public = _public(entry.inner("package"), range(valid[0].year, valid[1].year + 1)) if "package" in entry else {}
    listed = _read(entry, "file", lambda name: _listed(folder, name)) if "file" in entry else {}
    own = _own(entry.inner("own"))
    entry.close()
    return {day: name for day, name in (public | (listed or {}) | own).items() if valid[0] <= day <= valid[1]}


def _public(package: entries.Entry, years: range) -> _Days:
    country, subdivision, language = (package.text("country"), *map(package.optional, ("subdivision", "language")))
    package.close()
    try:
        return dict(holidays.country_holidays(country, subdivision, years=years, language=language)) if country else {}
    except NotImplementedError as fault:
        package.wrong(f"no public holidays are known for this place ({fault}); list them under “own” instead")
        return {}


def _own(own: entries.Entry) -> _Days:
    days: _Days = {}
    for text, node in own.by_key():
        try:
            days[_day(text)] = node.value if isinstance(node.value, str) else own.text(text)
        except errors.DefinitionError as fault:
            own.wrong(str(fault), key=text)
    return days


def _listed(folder: Path | None, name: str) -> _Days:
    if folder is None:
        raise errors.DefinitionError(f"the list {name} cannot be read here; write its days under “own”")
    path = folder / name
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            return {_day(day): name for day, name in filter(None, csv.reader(lines))}
    except OSError as fault:
        raise errors.DefinitionError(f"the list {path.name} cannot be read ({fault.strerror})") from None
    except ValueError:
        raise errors.DefinitionError(f"{path.name} must hold a date and a name on each line") from None
