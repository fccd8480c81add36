"""The board of facts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, Part, spelled
from states import items
from states.items.facts import ANSWERS

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLES = {
    "agreed": "Facts agreed by all",
    "disputed": "Facts disputed",
    "unknown": "Facts not settled",
    "corrected": "Facts corrected since",
}
_STATES = {"uncontested": "uncontested, not agreed"}


def _standing(item: items.Fact, names: Names) -> str:
    """Say how a fact stands between the parties of today, who may be others than when it was answered."""
    if item.state == "corrected":
        return item.state
    return item.standing([party.id for party in names.case.parties if party.decides])


def _board(item: items.Fact, names: Names) -> Part:
    standing = _standing(item, names)
    return list(_TITLES).index(standing), _TITLES[standing]


@spelled(items.Fact, line="statement", tag=_standing, part=_board)
def a_fact(item: items.Fact, names: Names) -> Iterator[Fact]:
    """Tell of a fact."""
    yield Fact("Source", item.source)
    yield Fact("Sureness", "" if item.confidence == "unknown" else item.confidence)
    yield Fact("Shown by", names.items([item.document]))
    for answer in ANSWERS:
        yield Fact(answer.capitalize(), names.parties(party for party, said in item.answers.items() if said == answer))
    yield Fact("Corrects", names.items([item.corrects or ""]))


@spelled(items.Inquiry, line="terms", tag=lambda item, _: _STATES.get(item.state, item.state))
def an_inquiry(item: items.Inquiry, names: Names) -> Iterator[Fact]:
    """Tell of joint fact-finding."""
    yield Fact("Done by", item.conducted_by)
    yield Fact("Findings by", item.due_at)
    yield Fact("To settle", names.items(item.facts))
    yield Fact("Found", item.findings)
    yield Fact("Shown by", names.items([item.document]))
    yield Fact("Accepted by", names.parties(item.accepted_by))
    yield Fact("Rejected by", names.parties(item.rejected_by))
    yield Fact("Silent", names.parties(item.silent_by))
