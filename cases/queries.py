"""Everything that may be read of the record, in one place; each takes a `Viewer`, and `cases.viewer` filters it."""

from __future__ import annotations

from cases.asked import Asked, asked_of
from cases.case_file import (
    CaseFile,
    NextStep,
    PhaseState,
    PhaseView,
    case_file,
    case_for,
    case_to_rehearse,
    cover,
    event,
    foretold,
    own_act,
)
from cases.collisions import Collision, Contested, collisions, contested
from cases.coming import Calendar, ComingDate, Window, calendar
from cases.deadline_view import Consequence, DeadlineView, Holder
from cases.desk_view import Ask, CaseRef, Desk, Need, Wait, my_desk
from cases.filters import CaseFilter, Waits
from cases.foreseen import Foreseen, foreseen
from cases.lists import CaseRow, count_cases, list_cases
from cases.messages import Delivery, MessageFilter, MessageRow, MessageView, list_messages, message
from cases.owed import Owed, OwedFilter, list_owed
from cases.own_acts import OwnAct, own_acts
from cases.paging import Page
from cases.parked import Parked, parked
from cases.precedents import Precedent, precedents
from cases.search import Found, SearchFilter, search
from cases.search_words import Part
from cases.similar import Comparison, SimilarCase, similar
from cases.spent import LateDuty, TimeShare, TimeSpent, time_known, time_spent
from cases.timeline import Entry, Line
from cases.versions import Difference, Version, versions
from cases.viewer import Viewer
from cases.ways import Way, way

__all__ = [
    "Ask",
    "Asked",
    "Calendar",
    "CaseFile",
    "CaseFilter",
    "CaseRef",
    "CaseRow",
    "Collision",
    "ComingDate",
    "Comparison",
    "Consequence",
    "Contested",
    "DeadlineView",
    "Delivery",
    "Desk",
    "Difference",
    "Entry",
    "Foreseen",
    "Found",
    "Holder",
    "LateDuty",
    "Line",
    "MessageFilter",
    "MessageRow",
    "MessageView",
    "Need",
    "NextStep",
    "Owed",
    "OwedFilter",
    "OwnAct",
    "Page",
    "Parked",
    "Part",
    "PhaseState",
    "PhaseView",
    "Precedent",
    "SearchFilter",
    "SimilarCase",
    "TimeShare",
    "TimeSpent",
    "Version",
    "Viewer",
    "Wait",
    "Waits",
    "Way",
    "Window",
    "asked_of",
    "calendar",
    "case_file",
    "case_for",
    "case_to_rehearse",
    "collisions",
    "contested",
    "count_cases",
    "cover",
    "event",
    "foreseen",
    "foretold",
    "list_cases",
    "list_messages",
    "list_owed",
    "message",
    "my_desk",
    "own_act",
    "own_acts",
    "parked",
    "precedents",
    "search",
    "similar",
    "time_known",
    "time_spent",
    "versions",
    "way",
]
