"""The way a case took through its process, as far as its viewer may know: where it stood, when, and by which act."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cases import places, viewer
from cases.places import Place
from cases.record import Record
from cases.unit_of_work import reading
from cases.viewer import Viewer
from states import roles
from states.case import Case
from states.process import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A case, its process, and the stages it has been at; an act in a zone that is not the viewer's has no name."""

    process: Process
    case: Case
    places: tuple[Place, ...]


def way(record: Record, who: Viewer, case_ref: str) -> Way:
    """Tell which way a case took; who does not read what all parties share is told where it stands and no more.

    Raises `NotFound` for a case that is unknown or not this viewer's.
    """
    with reading(record.engine) as connection:
        seen = viewer.find(record, who, connection, case_ref)
        found = places.of_case(connection, seen.case.id)
    told = tuple(one if one.zone in seen.zones else replace(one, trigger="") for one in found)
    return Way(process=seen.process, case=seen.case, places=told if roles.SHARED in seen.zones else told[-1:])
