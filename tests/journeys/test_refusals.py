"""What is refused, with the sentence people read: through the service, in both databases, over real connections."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from uuid import uuid4

import pytest

from cases import repository, timers
from cases.commands import ActOnCase, OpenCase
from cases.unit_of_work import reading
from states import errors, roles
from states.case import Case, Party, Side
from states.events import Change, FieldsSet, ItemRecorded, PartyChanged, RoleAssigned, StageEntered, TierEntered
from states.items import Agreement, Item, Mandate, Obligation, Offer, Signature
from tests.cases.builders import happen
from tests.notifications.offices import PARTIES, Office, an_office
from tests.states.engaged import ready_to_mediate

A, B = PARTIES
OLD, NEW = "a" * 64, "b" * 64


@dataclass(frozen=True, slots=True)
class House:
    """An office with one dispute, and short words to bring the dispute to where a test needs it."""

    office: Office

    @property
    def case(self) -> Case:
        with reading(self.office.record.engine) as connection:
            return repository.load(connection, self.office.case_id).case

    def put(self, stage: str, *items: Item, more: tuple[Change, ...] = ()) -> None:
        """Bring the case to a stage with these items on file."""
        now = self.office.clock.now()
        entered = StageEntered(stage, now, None)
        changes = (entered, *map(ItemRecorded, items), *more)
        happen(self.office.record, self.office.case_id, *changes, by="cora", at=now)

    def engaged(self, stage: str, *items: Item) -> None:
        """Bring the case to a stage with all consents, mandates and ground rules."""
        known = {item.id for item in self.case.items}
        ready = ready_to_mediate(self.case, at=self.office.clock.now()).items
        self.put(stage, *(item for item in ready if item.id not in known), *items)

    def act(self, who: str, trigger: str, **inputs: object) -> None:
        self.office.act(who, trigger, **inputs)

    def refusal(self, who: str, trigger: str, **inputs: object) -> str:
        """Return the sentence an act is refused with; nothing may have been recorded of it."""
        before = self.case
        with pytest.raises(errors.Refused) as refused:
            self.office.act(who, trigger, **inputs)
        assert self.case == before
        return str(refused.value)

    def in_days(self, days: int) -> str:
        return (self.office.clock.now() + timedelta(days=days)).astimezone(UTC).isoformat()


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    office = an_office(database_url)
    yield House(office)
    office.record.engine.dispose()


def offer(house: House, party: str = "A") -> Offer:
    now = house.office.clock.now()
    return Offer(id="offer", zone=roles.SHARED, by="amal", at=now, party=party, text="Days by turns.")


def promise(house: House, state: str) -> Obligation:
    now = house.office.clock.now()
    return Obligation(
        id="promise",
        zone=roles.SHARED,
        by="cora",
        at=now,
        state=state,
        owner="A",
        verifier="B",
        action="repair the road",
        due_at=now + timedelta(days=20),
    )


def agreement(house: House, state: str = "signature") -> Agreement:
    now = house.office.clock.now()
    marks = tuple(Signature(party=one.id, person=f"senior of {one.id}", at=now, text_hash=NEW) for one in PARTIES)
    return Agreement(
        id="text",
        zone=roles.SHARED,
        by="cora",
        at=now,
        state=state,
        text="The new text.",
        text_hash=NEW,
        drafted_by="cora",
        ratifications=marks if state == "signature" else (),
    )


def test_a_late_answer_is_kept_and_marked_and_a_late_verification_is_refused(house: House) -> None:
    house.office.wait(days=20)
    house.act("bilal", "answer_notice", text="The post was slow.")
    (late,) = (one for one in house.case.items if one.kind == "statement" and one.state == "open")
    assert getattr(late, "late", False) is True
    house.put("follow_up", promise(house, "verified"))
    said = house.refusal("bilal", "verify_obligation", obligation="promise")
    assert "Obligation must be" in said


def test_a_late_reopening_is_refused(house: House) -> None:
    house.put("closed", more=(FieldsSet({"reopenable": False}),))
    said = house.refusal("amal", "reopen", ground="new fact", reason="We found the map.")
    assert "the window to reopen is still open" in said


def test_feedback_is_refused_where_nobody_asks_for_it(house: House) -> None:
    said = house.refusal("amal", "give_feedback", process=5, neutral=5)
    assert "“Give feedback on the process and the neutral” is not open at the stage “Screening”" in said


def test_a_party_that_left_does_nothing_more(house: House) -> None:
    now = house.office.clock.now()
    third = Party(id="C", name="Water agency", side=Side.RESPONDING, people={"representative": ("outis",)})
    house.put("sessions", more=(PartyChanged(third),))
    house.act("outis", "leave_case", reason="We have no part in it.")
    said = house.refusal("outis", "make_offer", text="One more thing")
    assert f"Water agency withdrew from this case on {now:%Y-%m-%d}" in said


def test_a_lapsed_authority_accepts_nothing(house: House) -> None:
    now = house.office.clock.now()
    mandate = Mandate(
        id="mandate",
        zone=roles.zone_of(roles.LINE, "B"),
        by="cora",
        at=now,
        state="recorded",
        party="B",
        person="bilal",
        may="sign",
        valid_from=now,
        valid_until=now + timedelta(hours=1),
    )
    house.put("negotiation", mandate, offer(house))
    house.office.clock.advance(hours=2)
    said = house.refusal("bilal", "accept_offer", offer="offer")
    assert "your authority to negotiate for Roads Agency lapsed on 2026-12-01 08:00 UTC" in said
    assert "Convener or Senior representative: “Record authority to act for a party”" in said


def test_a_consent_taken_back_in_mid_mediation_stops_the_sessions(house: House) -> None:
    house.engaged("sessions")
    house.act("bilal", "refuse_consent", text="We no longer trust the room.")
    said = house.refusal("musa", "open_session", form="joint", agenda="Turns")
    assert "“Open a session that was not planned” is not open at the stage “Consent”" in said
    said = house.refusal("cora", "open_negotiation")
    assert "no consent stands for: Roads Agency" in said


def test_a_signature_on_an_old_version_is_refused(house: House) -> None:
    house.engaged("signature", agreement(house))
    said = house.refusal("amal", "sign", seal=OLD)
    assert "the text" in said
    house.act("amal", "sign", seal=NEW)


def test_a_verifier_of_the_owners_own_line_is_refused(house: House) -> None:
    now = house.office.clock.now()
    part = Party(id="A2", name="Field office", side=Side.INITIATING, within="A", people={"representative": ("outis",)})
    house.put("drafting", agreement(house, "drafting"), more=(PartyChanged(part),))
    term = {"action": "repair the road", "due_at": (now + timedelta(days=20)).isoformat(), "proof": "a photograph"}
    said = house.refusal("cora", "add_term", owner="A", verifier="A2", **term)
    assert "the verifier is another party than the owner, and not of the owner's own line" in said


def test_a_pause_without_an_end_or_beyond_the_cap_is_refused(house: House) -> None:
    house.put("sessions")
    assert "Resume on is missing" in house.refusal("amal", "stay", reason="floods")
    said = house.refusal("amal", "stay", reason="floods", until=house.in_days(31))
    assert "the resume date must lie within the next 30 days" in said
    said = house.refusal("amal", "stay", reason="floods", until=house.in_days(-1))
    assert "the resume date must lie within the next 30 days" in said


def test_a_third_cure_is_refused_and_a_cure_says_how_the_gaps_were_closed(house: House) -> None:
    for _ in range(2):
        house.act("cora", "return_for_cure", gaps="No date.")
        assert "How each gap was cured, one after the other is missing" in house.refusal("amal", "resubmit")
        house.act("amal", "resubmit", answers="On 3 May.")
    said = house.refusal("cora", "return_for_cure", gaps="No place.")
    assert "the notice was not returned for cure twice before" in said


def refused_notice(house: House) -> None:
    """Let the convener and one of the committee refuse the notice."""
    house.put("screening", more=(RoleAssigned("committee", ("outis",)),))
    words = {"reason": "another body decides this", "other_door": "The ombuds office."}
    house.act("cora", "refuse", **words)
    house.act("outis", "agree", proposal=house.case.items[-1].id)


def test_a_refusal_takes_two_people_and_may_be_reviewed_in_time(house: House) -> None:
    refused_notice(house)
    assert (house.case.stage, house.case.outcome) == ("closed", "inadmissible")
    house.act("amal", "ask_review", reason="It is about the road.")
    assert (house.case.stage, house.case.tier, house.case.cycle) == ("screening", "T1", 2)
    said = house.refusal("cora", "refuse", reason="no issue stated", other_door="None")
    assert "after a review, it is for the area managers to confirm it" in said
    house.act("alma", "confirm_refusal", reason="It is another body's.", other_door="The ombuds office.")
    waiting = house.case.items[-1].id
    assert "has not agreed before" in house.refusal("alma", "agree", proposal=waiting)
    house.act("arif", "agree", proposal=waiting)
    assert house.case.outcome == "inadmissible"
    said = house.refusal("amal", "ask_review", reason="Once more.")
    assert "the time to ask for a review still runs" in said


def test_a_review_is_refused_after_five_working_days(house: House) -> None:
    refused_notice(house)
    house.office.wait(days=9)
    timers.fire_due_timers(house.office.service, owner="test")
    said = house.refusal("amal", "ask_review", reason="It is about the road.")
    assert "the notice was refused, and the time to ask for a review still runs" in said


def test_somebody_who_is_not_on_file_is_named_for_nothing(house: House) -> None:
    said = house.refusal("sara", "name_person", part="representative", person="nobody")
    assert "there is nobody on file with the id “nobody”, or they have left; add the person first" in said
    house.office.directory.leave("outis", now=house.office.clock.now())
    said = house.refusal("cora", "assign", part="committee", people="outis")
    assert "there is nobody on file with the id “outis”" in said


def test_what_was_proposed_of_somebody_who_has_left_since_is_declined_and_not_carried_out(house: House) -> None:
    house.put("appointing", more=(TierEntered("T3", house.office.clock.now()),))
    house.act("sara", "appoint_as_seniors", person="outis", disclosure="None")
    waiting = house.case.items[-1].id
    house.office.directory.leave("outis", now=house.office.clock.now())
    said = house.refusal("saul", "agree", proposal=waiting)
    assert "there is nobody on file with the id “outis”, or they have left" in said
    house.act("saul", "decline", proposal=waiting, reason="They have left.")


def test_nobody_sits_on_a_panel_who_is_not_on_file_and_a_partys_people_need_an_alternate(house: House) -> None:
    panel = {"name": "Panel", "chair": "musa", "quorum": 2, "members": "musa for Mission\narif for Roads Agency"}
    said = house.refusal("cora", "convene_panel", **panel, alternates="nobody for arif")
    assert "there is nobody on file with the id “nobody”" in said
    said = house.refusal("cora", "convene_panel", **panel)
    assert "arif stands for a party of this case; name an alternate for arif who does not, or another member" in said
    assert "name an alternate" in house.refusal("cora", "convene_panel", **panel, alternates="saul for arif")
    house.act("cora", "convene_panel", **panel, alternates="outis for arif")
    assert house.case.roles["committee"] == ("musa", "outis")


def test_no_case_is_opened_with_people_who_are_not_on_file(house: House) -> None:
    parties = (A, replace(B, people={**B.people, "representative": ("nobody",)}))
    roles_of_it = {"convener": ("cora",), "mediator": ("noone",)}
    command = OpenCase(
        process="dispute",
        title="The ferry",
        actor=house.office.directory.actor("amal"),
        key=uuid4().hex,
        parties=parties,
        roles=roles_of_it,
    )
    with pytest.raises(errors.NeedsMissing) as refused:
        house.office.service.open(command)
    assert [one.split(",")[0] for one in refused.value.missing] == [
        "there is nobody on file with the id “nobody”",
        "there is nobody on file with the id “noone”",
    ]


def test_of_two_people_at_once_one_wins_and_the_other_reads_who_and_what(house: House) -> None:
    house.put("sessions")
    seen, gate = house.case.version, threading.Barrier(2)
    ends: dict[str, str] = {}

    def make_an_offer(who: str) -> None:
        command = ActOnCase(
            case_id=house.office.case_id,
            trigger="make_offer",
            actor=house.office.directory.actor(who),
            key=uuid4().hex,
            inputs={"text": f"The days that suit {who}."},
            expected_version=seen,
        )
        gate.wait()
        try:
            house.office.service.act(command)
            ends[who] = ""
        except errors.Conflict as conflict:
            ends[who] = str(conflict)

    threads = [threading.Thread(target=make_an_offer, args=(who,)) for who in ("amal", "bilal")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(said) for said in ends.values()) == [False, True]
    winner = {"amal": "Amal Ayen", "bilal": "Bilal Bol"}[next(who for who, said in ends.items() if not said)]
    lost = next(said for said in ends.values() if said)
    assert f"{winner} was first: “Make an offer” at 2026-12-01" in lost
