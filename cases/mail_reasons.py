"""Why a mail came and where each of its lines is from: ids, rooms and roles, kept when it is written, and no words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from cases import codec


class Origin(StrEnum):
    """What a line of a mail is taken from."""

    CASE = "case"
    EVENT = "event"
    ITEM = "item"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that a line is taken from: its id, and the zone it lies in.

    The zone is empty for what stands on the cover of a case, which everybody with a part in it knows.
    """

    of: Origin
    id: str = ""
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a mail by the name of its place in it, and everything it is taken from."""

    name: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Why a person got a mail: by which `role`, because of which event or clock, and what each line is taken from.

    `to` are the roles that the mail goes to; `by` names, for each zone that a line lies in, the roles by which the
    person could read it when the mail was written.
    """

    role: str
    to: tuple[str, ...] = ()
    event: str = ""
    clock: str = ""
    lines: tuple[Line, ...] = ()
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def within(self, zones: frozenset[str]) -> Reasons:
        """Leave out the lines that are taken from anything outside of some zones."""
        kept = (line for line in self.lines if {source.zone for source in line.sources} <= {"", *zones})
        return replace(self, lines=tuple(kept), by={zone: held for zone, held in self.by.items() if zone in zones})

    def without_ids(self) -> Reasons:
        """Leave out every id, and of a party's own zone whose it is."""
        lines = (
            Line(line.name, tuple(Source(source.of, "", _kind(source.zone)) for source in line.sources))
            for line in self.lines
        )
        by = {_kind(zone): held for zone, held in self.by.items()}
        return replace(self, event="", lines=tuple(lines), by=by)


def _kind(zone: str) -> str:
    return zone.partition(":")[0]


def dump(reasons: Reasons | None) -> str | None:
    """Write reasons as they are kept."""
    return None if reasons is None else codec.dump(reasons)


def read(text: str | None) -> Reasons | None:
    """Read reasons as they were kept; None for a mail that has none, such as a link to sign in."""
    if text is None:
        return None
    raw = codec.parse(text)
    lines = (
        Line(
            one["name"], tuple(Source(Origin(source["of"]), source["id"], source["zone"]) for source in one["sources"])
        )
        for one in raw["lines"]
    )
    return Reasons(
        role=raw["role"],
        to=tuple(raw["to"]),
        event=raw["event"],
        clock=raw["clock"],
        lines=tuple(lines),
        by={zone: tuple(roles) for zone, roles in raw["by"].items()},
    )
