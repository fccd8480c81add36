"""The board of facts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, Part, spelled
from desk.words import sentence
from states import items
from states.items.facts import ANSWERS
from states.said import say, shaped, word

if TYPE_CHECKING:
    from collections.abc import Iterator

_TITLES = {
    "agreed": say("Facts agreed by all"),
    "disputed": say("Facts disputed"),
    "unknown": say("Facts not settled"),
    "corrected": say("Facts corrected since"),
}
_STATES = {"uncontested": say("uncontested, not agreed")}


def _standing(item: items.Fact, names: Names) -> str:
    """Say how a fact stands between the parties of today, who may be others than when it was answered."""
    if item.state == "corrected":
        return item.state
    return item.standing([party.id for party in names.case.parties if party.decides])


def _board(item: items.Fact, names: Names) -> Part:
    standing = _standing(item, names)
    return list(_TITLES).index(standing), _TITLES[standing]


@spelled(items.Fact, line="statement", tag=lambda item, names: word(_standing(item, names)), part=_board)
def a_fact(item: items.Fact, names: Names) -> Iterator[Fact]:
    """Tell of a fact."""
    yield Fact(say("Source"), item.source)
    yield Fact(say("Sureness"), "" if item.confidence == "unknown" else word(item.confidence))
    yield Fact(say("Shown by"), names.items([item.document]))
    for answer in ANSWERS:
        yield Fact(
            shaped(word(answer), sentence),
            names.parties(party for party, told in item.answers.items() if told == answer),
        )
    yield Fact(say("Corrects"), names.items([item.corrects or ""]))


@spelled(items.Inquiry, line="terms", tag=lambda item, _: _STATES.get(item.state) or word(item.state))
def an_inquiry(item: items.Inquiry, names: Names) -> Iterator[Fact]:
    """Tell of joint fact-finding."""
    yield Fact(say("Done by"), item.conducted_by)
    yield Fact(say("Findings by"), item.due_at)
    yield Fact(say("To settle"), names.items(item.facts))
    yield Fact(say("Found"), item.findings)
    yield Fact(say("Shown by"), names.items([item.document]))
    yield Fact(say("Accepted by"), names.parties(item.accepted_by))
    yield Fact(say("Rejected by"), names.parties(item.rejected_by))
    yield Fact(say("Silent"), names.parties(item.silent_by))
