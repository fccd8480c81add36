"""Reads working calendars from YAML files, with public holidays filled in, and names the line of every mistake."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import holidays
import yaml

from states import calendar as calendars
from states import errors

SHIPPED = Path(__file__).parent / "calendars"

_KEYS = {"name", "timezone", "valid", "week", "holidays"}


def load_calendar(path: Path) -> calendars.Calendar:
    """Returns the calendar of a YAML file.

    Keys: `name`, `timezone` (IANA), `valid` ([from, until], both included), `week` (weekday -> windows such as
    "08:00-12:30") and, if wanted, `holidays`: `package` (country, subdivision, language: public holidays of the
    holidays library), `own` (date -> name) and `file` (a CSV file of date and name beside the calendar). Where one
    date comes from several, `own` names it before `file`, and `file` before `package`. Raises `DefinitionError`.
    """
    top = _Part(path, _root(path)).entries(required=_KEYS - {"holidays"}, optional={"holidays"})
    valid_from, valid_until = _validity(top["valid"])
    try:
        return calendars.Calendar(
            name=top["name"].text(),
            timezone=_timezone(top["timezone"]),
            week=_week(top["week"]),
            valid_from=valid_from,
            valid_until=valid_until,
            holidays=_holidays(top["holidays"], range(valid_from.year, valid_until.year + 1))
            if "holidays" in top
            else {},
        )
    except errors.DefinitionError as fault:
        if str(fault).startswith(str(path)):
            raise
        raise errors.DefinitionError(f"{path}: {fault}") from fault


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


class _Part:
    """A piece of a YAML file that knows its line."""

    def __init__(self, path: Path, node: yaml.Node) -> None:
        """Keeps the file and the node."""
        self.path = path
        self.node = node

    def fault(self, why: str) -> errors.DefinitionError:
        """Returns an error that begins with the file and the line."""
        return errors.DefinitionError(f"{self.path}:{self.node.start_mark.line + 1}: {why}")

    def text(self) -> str:
        """Returns a single value as it was written."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value:
            raise self.fault("expected one value here, such as a name")
        return str(self.node.value)

    def day(self) -> date:
        """Returns a date."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            raise self.fault(f"{self.text()!r} is not a date: write it as 2026-12-24") from None

    def items(self) -> list[_Part]:
        """Returns the parts of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fault('expected a list here, such as ["08:00-12:30", "13:30-17:00"]')
        return [_Part(self.path, node) for node in self.node.value]

    def pairs(self) -> list[tuple[_Part, _Part]]:
        """Returns the keys and values of a mapping; a key given twice is refused."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault("expected 'key: value' lines here")
        seen: set[str] = set()
        pairs = [(_Part(self.path, key), _Part(self.path, value)) for key, value in self.node.value]
        for key, _ in pairs:
            if key.text() in seen:
                raise key.fault(f"{key.text()!r} is given twice: keep one")
            seen.add(key.text())
        return pairs

    def entries(self, *, required: set[str], optional: set[str]) -> dict[str, _Part]:
        """Returns the values of a mapping by key; unknown and missing keys are refused."""
        known = required | optional
        pairs = self.pairs()
        for key, _ in pairs:
            if key.text() not in known:
                raise key.fault(f"{key.text()!r} is not known here: use {', '.join(sorted(known))}")
        found = {key.text(): value for key, value in pairs}
        if missing := sorted(required - found.keys()):
            raise self.fault(f"add what is missing: {', '.join(missing)}")
        return found


def _root(path: Path) -> yaml.Node:
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as fault:
        raise errors.DefinitionError(f"{path}: the calendar cannot be read: {fault.strerror}") from fault
    except yaml.MarkedYAMLError as fault:
        line = fault.problem_mark.line + 1 if fault.problem_mark else 1
        raise errors.DefinitionError(f"{path}:{line}: this is not YAML: {fault.problem}") from fault
    if node is None:
        raise errors.DefinitionError(f"{path}: the calendar is empty: give {', '.join(sorted(_KEYS))}")
    return node


def _timezone(part: _Part) -> str:
    try:
        return calendars.find_zone(part.text()).key
    except errors.DefinitionError as fault:
        raise part.fault(str(fault)) from fault


def _validity(part: _Part) -> tuple[date, date]:
    match [item.day() for item in part.items()]:
        case [first, last] if first <= last:
            return first, last
    raise part.fault("give the first and the last valid day, in order, such as [2020-01-01, 2035-12-31]")


def _week(part: _Part) -> tuple[tuple[calendars.Window, ...], ...]:
    days = part.entries(required=set(), optional=set(calendars.WEEKDAYS))
    return tuple(tuple(map(_window, days[day].items())) if day in days else () for day in calendars.WEEKDAYS)


def _window(part: _Part) -> calendars.Window:
    try:
        return calendars.Window.parse(part.text())
    except errors.DefinitionError as fault:
        raise part.fault(str(fault)) from fault


def _holidays(part: _Part, years: range) -> dict[date, str]:
    sources = part.entries(required=set(), optional={"package", "own", "file"})
    package = _public_holidays(sources["package"], years) if "package" in sources else {}
    listed = _listed_holidays(sources["file"]) if "file" in sources else {}
    own = {key.day(): value.text() for key, value in sources["own"].pairs()} if "own" in sources else {}
    return package | listed | own


def _public_holidays(part: _Part, years: range) -> dict[date, str]:
    chosen = part.entries(required={"country"}, optional={"subdivision", "language"})
    subdivision, language = (chosen[key].text() if key in chosen else None for key in ("subdivision", "language"))
    try:
        found = holidays.country_holidays(chosen["country"].text(), subdivision, years=years, language=language)
    except NotImplementedError as fault:
        raise part.fault(
            f"no public holidays are known for this place: {fault}; list them under 'own' instead"
        ) from fault
    return dict(found)


def _listed_holidays(part: _Part) -> dict[date, str]:
    path = part.path.parent / part.text()
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = [row for row in csv.reader(lines) if row]
    except OSError as fault:
        raise part.fault(f"the list of holidays {path.name} cannot be read: {fault.strerror}") from fault
    try:
        return {date.fromisoformat(day): name for day, name in rows}
    except ValueError:
        raise part.fault(
            f"{path.name} must hold one date and one name on each line, such as 2026-12-24,Christmas Eve"
        ) from None
