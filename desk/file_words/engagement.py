"""Who matters, who may bind whom, who consents, and under which ground rules, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items, said
from states.said import say, under, word

if TYPE_CHECKING:
    from collections.abc import Iterator


def _may(item: items.Mandate, names: Names) -> str:
    person = names.person(item.person)
    match item.may:
        case "negotiate":
            return say("%(person)s may negotiate", person=person)
        case "sign":
            return say("%(person)s may negotiate and sign", person=person)
    return say("%(person)s may negotiate, sign and ratify", person=person)


@spelled(items.Stakeholder, line=lambda item, _: under(item.name, word(item.part)))
def a_stakeholder(item: items.Stakeholder, names: Names) -> Iterator[Fact]:
    """Tell of a stakeholder."""
    yield Fact(say("Organisation"), item.organisation)
    yield Fact(say("Stands with"), names.party(item.side) if item.side else say("no party"))
    yield Fact(say("Interest"), item.interest)
    yield Fact(say("Reached"), item.reach)
    yield Fact(say("Why not"), item.why)
    yield Fact(say("Last contact"), item.last_contact)
    yield Fact(say("On"), item.contact_at or "")
    yield Fact(say("By"), names.person(item.contact_by))


@spelled(items.Mandate, line=_may)
def a_mandate(item: items.Mandate, names: Names) -> Iterator[Fact]:
    """Tell of somebody's authority."""
    yield Fact(say("For"), names.party(item.party))
    yield Fact(say("Limits"), item.limit)
    yield Fact(say("Up to"), say("%(amount)s", amount=item.amount) if item.amount is not None else "")
    yield Fact(say("Valid from"), item.valid_from)
    yield Fact(say("Valid until"), item.valid_until or "")
    yield Fact(say("Proved by"), names.items(item.documents))
    yield Fact(say("Taken back because"), item.why)


@spelled(items.Consent, line=lambda item, names: names.party(item.party))
def a_consent(item: items.Consent, _names: Names) -> Iterator[Fact]:
    """Tell of a consent."""
    yield Fact(say("Said"), item.text)


@spelled(items.ProcessAgreement, line="ground_rules")
def a_process_agreement(item: items.ProcessAgreement, names: Names) -> Iterator[Fact]:
    """Tell of ground rules."""
    yield Fact(say("Confidentiality"), item.confidentiality)
    yield Fact(say("Languages"), said.listed(item.languages))
    yield Fact(say("Press"), item.press)
    yield Fact(say("Timetable"), item.timetable)
    yield Fact(say("Own clocks"), said.together(item.clocks))
    accepted = (names.of_party(one.person, one.party) for one in item.acceptances)
    yield Fact(say("Accepted by"), said.listed(accepted))
    yield Fact(say("Seal of the text"), item.text_hash[:16])
