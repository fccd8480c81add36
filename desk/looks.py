"""Notes who looked at which case, beside every answer that shows something of one."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cases import looks
from cases.looks import Kind
from states import errors

if TYPE_CHECKING:
    from desk.visits import Visit

log = logging.getLogger(__name__)

HOLES = ("case_ref", "case_id")
"""What the address of everything that is about one case is filled in with."""


_DECIDES, _PRINTS = frozenset({"decide", "questions"}), frozenset({"print", "papers"})


def kind_of(path: str) -> Kind:
    """Tell what is looked at by the address of a route."""
    parts = frozenset(path.split("/"))
    if "notebook" in parts:
        return Kind.NOTEBOOK_EXPORT if _leaves_the_desk(path) else Kind.NOTEBOOK
    if _DECIDES & parts:
        return Kind.BRIEF
    if "{document_id}" in parts:
        return Kind.DOCUMENT
    return Kind.EXPORT if _PRINTS & parts or _leaves_the_desk(path) else Kind.CASE


def note(visit: Visit, case_ref: str, path: str) -> None:
    """Note a look. Raises `Unavailable` where it cannot be kept and a room is open only in an emergency.

    Somebody with a part of their own goes on reading while nothing can be written.
    """
    try:
        looks.note(visit.desk.record, visit.viewer, case_ref, kind_of(path), now=visit.words.now)
    except errors.Unavailable:
        if visit.opened:
            raise
        log.warning("a look could not be noted, because the record cannot be written just now")


def _leaves_the_desk(path: str) -> bool:
    return path.endswith((".csv", ".pdf", ".txt", ".json", ".zip", "/export"))
