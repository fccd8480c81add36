"""Who matters, who may bind whom, who consents, and under which ground rules, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAY = {"negotiate": "may negotiate", "sign": "may negotiate and sign", "ratify": "may negotiate, sign and ratify"}


@spelled(items.Stakeholder, line=lambda item, _: f"{item.name}: {item.part}")
def a_stakeholder(item: items.Stakeholder, names: Names) -> Iterator[Fact]:
    """Tell of a stakeholder."""
    yield Fact("Organisation", item.organisation)
    yield Fact("Stands with", names.party(item.side) if item.side else "no party")
    yield Fact("Interest", item.interest)
    yield Fact("Reached", item.reach)
    yield Fact("Why not", item.why)
    yield Fact("Last contact", item.last_contact)
    yield Fact("On", item.contact_at or "")
    yield Fact("By", names.person(item.contact_by))


@spelled(items.Mandate, line=lambda item, names: f"{names.person(item.person)} {_MAY[item.may]}")
def a_mandate(item: items.Mandate, names: Names) -> Iterator[Fact]:
    """Tell of somebody's authority."""
    yield Fact("For", names.party(item.party))
    yield Fact("Limits", item.limit)
    yield Fact("Up to", f"{item.amount:,}" if item.amount is not None else "")
    yield Fact("Valid from", item.valid_from)
    yield Fact("Valid until", item.valid_until or "")
    yield Fact("Proved by", names.items(item.documents))
    yield Fact("Taken back because", item.why)


@spelled(items.Consent, line=lambda item, names: names.party(item.party))
def a_consent(item: items.Consent, _names: Names) -> Iterator[Fact]:
    """Tell of a consent."""
    yield Fact("Said", item.text)


@spelled(items.ProcessAgreement, line="ground_rules")
def a_process_agreement(item: items.ProcessAgreement, names: Names) -> Iterator[Fact]:
    """Tell of ground rules."""
    yield Fact("Confidentiality", item.confidentiality)
    yield Fact("Languages", ", ".join(item.languages))
    yield Fact("Press", item.press)
    yield Fact("Timetable", item.timetable)
    yield Fact("Own clocks", "; ".join(item.clocks))
    accepted = (f"{names.person(one.person)} ({names.party(one.party)})" for one in item.acceptances)
    yield Fact("Accepted by", ", ".join(accepted))
    yield Fact("Seal of the text", item.text_hash[:16])
