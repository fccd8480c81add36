"""Effects of engagement: the stakeholder map, the authority register, consents, and the process agreement."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from states.effects.registry import choice, effect, instant, one_of, people, recorded, several, text, texts, yes_no
from states.events import ClocksAgreed, ItemRecorded
from states.fields import Field, FieldType
from states.items import Acceptance, Consent, Document, Mandate, ProcessAgreement, Stakeholder
from states.lifecycle import Lifecycle
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

STAKEHOLDERS = Lifecycle(
    Stakeholder,
    initial="mapped",
    moves=(
        ("engage", ("mapped", "engaged", "left out"), "engaged"),
        ("leave_out", ("mapped", "engaged", "left out"), "left out"),
        ("remove", ("mapped", "engaged", "left out"), "removed"),
    ),
)
MANDATES = Lifecycle(Mandate, initial="recorded", moves=(("revoke", ("recorded",), "revoked"),))
PROCESS_AGREEMENTS = Lifecycle(
    ProcessAgreement,
    initial="proposed",
    moves=(
        ("accept", ("proposed", "accepted"), "proposed"),
        ("complete", ("proposed", "accepted"), "accepted"),
        ("replace", ("proposed", "accepted"), "replaced"),
    ),
)
_ON_THE_MAP = STAKEHOLDERS.sources("engage")


@effect(
    text("name", "Name", long=False),
    choice("part", "What they can do", *Stakeholder.PARTS),
    text("organisation", "Organisation or community", required=False, long=False),
    Field(name="side", type=FieldType.PARTY, label=say("Stands with which party, if with any"), required=False),
    text("interest", "What matters to them", required=False),
    text("reach", "How to reach them", required=False, long=False),
    yes_no("engaged", "Already engaged", initial=False),
)
def map_stakeholder(s: Situation) -> Iterator[Change]:
    """Put somebody on the stakeholder map."""
    yield recorded(
        s,
        Stakeholder,
        name=s.text("name"),
        part=s.text("part"),
        organisation=s.text("organisation"),
        side=s.text("side") or None,
        interest=s.text("interest"),
        reach=s.text("reach"),
        state="engaged" if s.given("engaged") else STAKEHOLDERS.initial,
    )


@effect(
    one_of(Stakeholder, "Stakeholder", *_ON_THE_MAP),
    text("contact", "What was said, and how"),
    instant("contacted_at", "When; now if left empty", required=False),
)
def note_contact(s: Situation) -> Iterator[Change]:
    """Record the last contact with a stakeholder."""
    stakeholder, when = s.item(Stakeholder), s.given("contacted_at")
    if stakeholder is not None:
        at = when if isinstance(when, datetime) else s.at
        who = s.actor.person
        yield ItemRecorded(replace(stakeholder, last_contact=s.text("contact"), contact_at=at, contact_by=who))


@effect(
    one_of(Stakeholder, "Stakeholder", *_ON_THE_MAP),
    yes_no("engaged", "Takes part from now on", initial=True),
    text("reason", "Reason, where they stay out", required=False),
)
def engage_stakeholder(s: Situation) -> Iterator[Change]:
    """Record that a stakeholder takes part, or stays out and why."""
    stakeholder = s.item(Stakeholder)
    if stakeholder is not None:
        move = "engage" if s.given("engaged") else "leave_out"
        yield ItemRecorded(STAKEHOLDERS.moved(stakeholder, move, why=s.text("reason")))


@effect(one_of(Stakeholder, "Stakeholder", *_ON_THE_MAP), text("reason", "Reason"))
def remove_stakeholder(s: Situation) -> Iterator[Change]:
    """Take somebody off the map."""
    stakeholder = s.item(Stakeholder)
    if stakeholder is not None:
        yield ItemRecorded(STAKEHOLDERS.moved(stakeholder, "remove", why=s.text("reason")))


@effect(
    people("people", "Who has it"),
    choice("may", "May", *Mandate.GRADES),
    text("limit", "Limits, in words", required=False),
    Field(name="amount", type=FieldType.NUMBER, label=say("Up to which amount"), required=False),
    instant("valid_from", "Valid from; now if left empty", required=False),
    instant("valid_until", "Valid until; open if left empty", required=False),
    several("documents", "Documents that prove it", Document, required=False),
    for_a_party=True,
    speaks_in="own line",
)
def record_mandate(s: Situation) -> Iterator[Change]:
    """Put people's authority to act for a party on the register."""
    begins, amount = s.given("valid_from"), s.given("amount")
    for index, person in enumerate(s.texts("people")):
        yield recorded(
            s,
            Mandate,
            id=s.new_id(Mandate.kind, index=index),
            party=s.party_id,
            person=person,
            may=s.text("may"),
            limit=s.text("limit"),
            amount=amount if isinstance(amount, Decimal) else None,
            valid_from=begins if isinstance(begins, datetime) else s.at,
            valid_until=s.given("valid_until"),
            documents=s.texts("documents"),
            state=MANDATES.initial,
        )


@effect(one_of(Mandate, "Authority", *MANDATES.sources("revoke")), text("reason", "Reason"))
def revoke_mandate(s: Situation) -> Iterator[Change]:
    """Take an authority back at once; what was signed before stays signed."""
    mandate = s.item(Mandate)
    if mandate is not None:
        yield ItemRecorded(MANDATES.moved(mandate, "revoke", why=s.text("reason")))


def _answered(s: Situation, state: str) -> Iterator[Change]:
    before = next((one for one in s.case.all(Consent) if one.party == s.party_id), None)
    if before is None:
        yield recorded(s, Consent, party=s.party_id, text=s.text("text"), state=state)
    else:
        yield ItemRecorded(replace(before, state=state, text=s.text("text"), by=s.actor.person, at=s.at))


@effect(text("text", "Terms or remarks", required=False), for_a_party=True, binds=True)
def give_consent(s: Situation) -> Iterator[Change]:
    """Record a party's yes to mediation."""
    yield from _answered(s, "given")


@effect(text("text", "Statement"), for_a_party=True, binds=True)
def refuse_consent(s: Situation) -> Iterator[Change]:
    """Record a party's no, or a yes taken back."""
    before = any(one.party == s.party_id for one in s.case.all(Consent, "given"))
    yield from _answered(s, "revoked" if before else "refused")


@effect(one_of(Consent, "Consent", "asked"))
def lapse_consent(s: Situation) -> Iterator[Change]:
    """Record that a party that joined late did not answer: no answer is no consent."""
    asked = s.item(Consent)
    if asked is not None:
        yield ItemRecorded(replace(asked, state="silent"))


def rules_hash(agreement: ProcessAgreement) -> str:
    """Name the exact text of a process agreement by SHA-256."""
    lines = (agreement.ground_rules, *agreement.languages, agreement.confidentiality, *agreement.clocks)
    return hashlib.sha256("\n\n".join((*lines, agreement.press, agreement.timetable)).encode()).hexdigest()


@effect(
    text("ground_rules", "Ground rules"),
    text("confidentiality", "What stays confidential"),
    texts("languages", "Languages"),
    text("press", "Press statements", required=False),
    text("timetable", "Timetable", required=False),
    texts("clocks", "Clocks you set for yourselves", help="One a line, such as: mediation 20 wd"),
)
def propose_process_agreement(s: Situation) -> Iterator[Change]:
    """Put ground rules before the parties; what all accepted stays in force until all accept the new text."""
    yield from _replaced(s, "proposed")
    proposed = ProcessAgreement(
        id=s.new_id(ProcessAgreement.kind),
        zone=s.zone,
        by=s.actor.person,
        at=s.at,
        state=PROCESS_AGREEMENTS.initial,
        ground_rules=s.text("ground_rules"),
        confidentiality=s.text("confidentiality"),
        languages=s.texts("languages"),
        press=s.text("press"),
        timetable=s.text("timetable"),
        clocks=s.texts("clocks"),
    )
    yield ItemRecorded(replace(proposed, text_hash=rules_hash(proposed)))


def _replaced(s: Situation, state: str) -> Iterator[Change]:
    for older in s.current(ProcessAgreement, state):
        if older != s.item(ProcessAgreement):
            yield ItemRecorded(PROCESS_AGREEMENTS.moved(older, "replace"))


@effect(
    one_of(ProcessAgreement, "Process agreement, as you have read it", *PROCESS_AGREEMENTS.sources("accept")),
    for_a_party=True,
    binds=True,
)
def accept_process_agreement(s: Situation) -> Iterator[Change]:
    """Record that a party accepts this text; the last acceptance puts it and its clocks in force."""
    text_seen = s.item(ProcessAgreement)
    if text_seen is None:
        return
    mark = Acceptance(party=s.party_id, person=s.actor.person, at=s.at, text_hash=text_seen.text_hash)
    accepted = replace(text_seen, acceptances=(*text_seen.acceptances, mark))
    if s.party_ids <= {one.party for one in accepted.acceptances}:
        yield from in_force(s, accepted)
    else:
        yield ItemRecorded(PROCESS_AGREEMENTS.moved(accepted, "accept"))


def in_force(s: Situation, accepted: ProcessAgreement) -> Iterator[Change]:
    """Put a text that every party has accepted in force, in place of an earlier one."""
    yield from _replaced(s, "accepted")
    yield ItemRecorded(PROCESS_AGREEMENTS.moved(accepted, "complete"))
    yield ClocksAgreed(accepted.spans)
