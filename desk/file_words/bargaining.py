"""Options, offers, rules for the meantime and impasses in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, shaped, under, word

if TYPE_CHECKING:
    from collections.abc import Iterator


def _without_stop(text: str) -> str:
    return text.rstrip(".")


@spelled(items.Option, line="text")
def an_option(item: items.Option, names: Names) -> Iterator[Fact]:
    """Tell of an option."""
    yield Fact(say("For the issue"), names.items([item.issue]))
    for one in item.judgements:
        label = shaped(names.items([one.criterion]), _without_stop) or say("Criterion")
        yield Fact(label, under(word(one.verdict), one.reason))
    for harm in item.harms:
        yield Fact(say("Harm: %(head)s", head=word(harm.head)), under(word(harm.level), harm.text))


@spelled(items.Offer, line="text")
def an_offer(item: items.Offer, names: Names) -> Iterator[Fact]:
    """Tell of an offer."""
    yield Fact(say("Made by"), names.party(item.party))
    yield Fact(say("Answers"), names.items([item.answers] if item.answers else []))
    yield Fact(say("Opened in"), names.items([item.round] if item.round else []))
    yield Fact(say("Settles"), names.items(item.issues))
    yield Fact(say("Made of"), names.items(item.options))
    yield Fact(say("Offered all the same because"), item.despite)
    yield Fact(say("Worth"), say("%(amount)s", amount=item.amount) if item.amount is not None else "")
    yield Fact(say("On the authority"), names.items((item.authority,)))
    yield Fact(say("Subject to approval"), say("by those above whoever made it") if item.subject_to_approval else "")
    yield Fact(say("Stands until"), item.expires_at or "")
    yield Fact(say("Accepted by"), names.parties(item.accepted_by))
    yield Fact(say("Rejected by"), names.parties(item.rejected_by))


@spelled(items.Round, line="question")
def a_sealed_round(item: items.Round, names: Names) -> Iterator[Fact]:
    """Tell of a sealed round: who has filed, and never what."""
    yield Fact(say("Opened at"), item.due_at)
    yield Fact(say("Filed by"), names.parties(item.filed_by))


@spelled(items.Envelope, line="text")
def an_envelope(item: items.Envelope, names: Names) -> Iterator[Fact]:
    """Tell a party of its own sealed offer."""
    yield Fact(say("Question"), names.items([item.round]))


@spelled(items.Interim, line="rule")
def an_interim_rule(item: items.Interim, names: Names) -> Iterator[Fact]:
    """Tell of an interim rule."""
    yield Fact(say("Without prejudice"), say("to what anybody claims or owes"))
    yield Fact(say("Ends"), item.expires_at)
    yield Fact(say("Accepted by"), names.parties(item.accepted_by))
    yield Fact(say("Imposed because"), item.reason)


@spelled(items.Deadlock, line=lambda item, names: names.items([item.issue]))
def a_deadlock(item: items.Deadlock, _names: Names) -> Iterator[Fact]:
    """Tell where an issue is stuck."""
    yield Fact(say("Stuck because"), said.listed(map(word, item.reasons)))
    yield Fact(say("What was tried"), item.text)


@spelled(items.Impasse, line="text")
def an_impasse(item: items.Impasse, names: Names) -> Iterator[Fact]:
    """Tell of an impasse and the doors that are left."""
    yield Fact(say("Stuck"), names.items(item.deadlocks))
    yield Fact(say("Doors that are left"), said.together(map(word, item.doors)))


@spelled(items.Release, line=lambda item, names: names.items([item.copy]))
def a_release(item: items.Release, names: Names) -> Iterator[Fact]:
    """Tell whoever reads the original that it was published."""
    yield Fact(say("Original"), names.items([item.origin]))
