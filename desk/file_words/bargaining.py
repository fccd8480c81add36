"""Options, offers, rules for the meantime and impasses in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


@spelled(items.Option, line="text")
def an_option(item: items.Option, names: Names) -> Iterator[Fact]:
    """Tell of an option."""
    yield Fact("For the issue", names.items([item.issue]))
    for one in item.judgements:
        yield Fact(names.items([one.criterion]).rstrip(".") or "Criterion", f"{one.verdict}: {one.reason}")
    for harm in item.harms:
        yield Fact(f"Harm: {harm.head}", f"{harm.level}: {harm.text}")


@spelled(items.Offer, line="text")
def an_offer(item: items.Offer, names: Names) -> Iterator[Fact]:
    """Tell of an offer."""
    yield Fact("Made by", names.party(item.party))
    yield Fact("Answers", names.items([item.answers] if item.answers else []))
    yield Fact("Opened in", names.items([item.round] if item.round else []))
    yield Fact("Settles", names.items(item.issues))
    yield Fact("Made of", names.items(item.options))
    yield Fact("Offered all the same because", item.despite)
    yield Fact("Worth", f"{item.amount:,}" if item.amount is not None else "")
    yield Fact("On the authority", names.items((item.authority,)))
    yield Fact("Subject to approval", "by those above whoever made it" if item.subject_to_approval else "")
    yield Fact("Stands until", item.expires_at or "")
    yield Fact("Accepted by", names.parties(item.accepted_by))
    yield Fact("Rejected by", names.parties(item.rejected_by))


@spelled(items.Round, line="question")
def a_sealed_round(item: items.Round, names: Names) -> Iterator[Fact]:
    """Tell of a sealed round: who has filed, and never what."""
    yield Fact("Opened at", item.due_at)
    yield Fact("Filed by", names.parties(item.filed_by))


@spelled(items.Envelope, line="text")
def an_envelope(item: items.Envelope, names: Names) -> Iterator[Fact]:
    """Tell a party of its own sealed offer."""
    yield Fact("Question", names.items([item.round]))


@spelled(items.Interim, line="rule")
def an_interim_rule(item: items.Interim, names: Names) -> Iterator[Fact]:
    """Tell of an interim rule."""
    yield Fact("Without prejudice", "to what anybody claims or owes")
    yield Fact("Ends", item.expires_at)
    yield Fact("Accepted by", names.parties(item.accepted_by))
    yield Fact("Imposed because", item.reason)


@spelled(items.Deadlock, line=lambda item, names: names.items([item.issue]))
def a_deadlock(item: items.Deadlock, _names: Names) -> Iterator[Fact]:
    """Tell where an issue is stuck."""
    yield Fact("Stuck because", ", ".join(item.reasons))
    yield Fact("What was tried", item.text)


@spelled(items.Impasse, line="text")
def an_impasse(item: items.Impasse, names: Names) -> Iterator[Fact]:
    """Tell of an impasse and the doors that are left."""
    yield Fact("Stuck", names.items(item.deadlocks))
    yield Fact("Doors that are left", "; ".join(item.doors))


@spelled(items.Release, line=lambda item, names: names.items([item.copy]))
def a_release(item: items.Release, names: Names) -> Iterator[Fact]:
    """Tell whoever reads the original that it was published."""
    yield Fact("Original", names.items([item.origin]))
