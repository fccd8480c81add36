"""Who must be on the map, who may bind whom and until when, and the ground rules that all must have accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from config import load, vocabulary, working_time
from states import case as cases
from states import errors, events, machine, roles, simulate, timers
from states.conditions import engagement as facts
from states.items import Agreement, Consent, Item, Mandate, Offer, ProcessAgreement, Proposal, Stakeholder
from states.process import Urgency
from states.situation import Situation
from tests.states import engaged

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DISPUTE = load.load_shipped("dispute", vocabulary=vocabulary.shipped())
CALENDARS = working_time.shipped_calendars()
CONVENER = "the Convener"
MEDIATOR = "the Mediator"
PARTS = ("representative", "senior_representative", "area_manager")
THIRD = cases.Party(
    id="third", name="third party", side=cases.Side.JOINED, people={part: (f"{part} C",) for part in PARTS}
)


def at(stage: str, *, third: bool = False) -> cases.Case:
    """Put a case at a stage, between two parties or three."""
    case = simulate.sample_case(DISPUTE, urgency=Urgency.U3, now=MONDAY)
    named = zip(case.parties, "AB", strict=True)
    parties = tuple(replace(one, people={part: (f"{part} {letter}",) for part in PARTS}) for one, letter in named)
    # Without the sample issue, which would ask for a root cause first.
    return replace(case, stage=stage, items=(), parties=(*parties, THIRD) if third else parties)


def ready(stage: str, *, third: bool = False) -> cases.Case:
    """Put a case at a stage with everything that mediation asks for."""
    return engaged.ready_to_mediate(at(stage, third=third), at=MONDAY)


def do(case: cases.Case, trigger: str, person: str | roles.Actor, /, **inputs: object) -> cases.Case:
    """Do an act on Monday."""
    return did(case, trigger, person, **inputs)[0]


def did(
    case: cases.Case, trigger: str, person: str | roles.Actor, /, **inputs: object
) -> tuple[cases.Case, tuple[events.Event, ...]]:
    """Do an act on Monday; return its events too."""
    actor = roles.Actor(person) if isinstance(person, str) else person
    request = machine.Act(
        trigger=trigger, actor=actor, at=MONDAY, recorded_at=MONDAY, inputs=inputs, calendars=CALENDARS
    )
    return machine.advance(DISPUTE, case, request)


def refused(case: cases.Case, trigger: str, person: str, /, **inputs: object) -> tuple[str, ...]:
    """Do an act that must be refused; return everything that is missing."""
    with pytest.raises(errors.NeedsMissing) as refusal:
        do(case, trigger, person, **inputs)
    return refusal.value.missing


def asked_together(case: cases.Case) -> cases.Case:
    """Let the convener propose a mediator, and both parties agree."""
    case = do(case, "ask_for_mediator", CONVENER)
    assert case.stage == "negotiation"
    for letter in "AB":
        case = do(case, "agree", f"representative {letter}", proposal=case.all(Proposal)[0].id)
    return case


def without(case: cases.Case, *kinds: type[Item]) -> cases.Case:
    """Take all items of some kinds out of a file."""
    return replace(case, items=tuple(item for item in case.items if not isinstance(item, kinds)))


# Authority.

SEAL = "0123456789abcdef"


def to_sign(*, mandate: dict[str, object] | None) -> cases.Case:
    """Put a text before the parties for signature; the first one's representative has this authority, or none."""
    text = Agreement(
        id="text", zone=roles.SHARED, by="m", at=MONDAY, state="signature", text="Two slots a day", text_hash=SEAL
    )
    case = replace(at("signature"), items=(text,))
    if mandate is None:
        return case
    common = {"zone": roles.zone_of(roles.LINE, "initiating"), "by": "c", "at": MONDAY, "state": "recorded"}
    held = {"party": "initiating", "person": "representative A", "may": "sign", "valid_from": MONDAY}
    return replace(case, items=(text, Mandate(id="mandate", **{**common, **held, **mandate})))  # type: ignore[arg-type] # a test's own keywords


@pytest.mark.parametrize(
    ("mandate", "told"),
    [
        (None, "your authority to sign for initiating party is not on the register"),
        ({"may": "negotiate"}, "is not on the register"),
        ({"person": "representative B"}, "is not on the register"),
        ({"party": "responding"}, "is not on the register"),
        ({"valid_from": MONDAY + timedelta(hours=1)}, "begins only on 2026-11-23 09:00 UTC"),
        ({"valid_from": MONDAY - timedelta(days=9), "valid_until": MONDAY}, "lapsed on 2026-11-23 08:00 UTC"),
        ({"state": "revoked", "why": "left the office"}, "was revoked (left the office)"),
    ],
)
def test_nobody_signs_without_authority_that_holds_at_this_instant(
    mandate: dict[str, object] | None, told: str
) -> None:
    (missing,) = refused(to_sign(mandate=mandate), "sign", "representative A", seal=SEAL)
    assert told in missing


@pytest.mark.parametrize("mandate", [{}, {"may": "ratify"}, {"valid_until": MONDAY + timedelta(minutes=1)}])
def test_whoever_has_authority_signs_until_its_last_minute(mandate: dict[str, object]) -> None:
    signed = do(to_sign(mandate=mandate), "sign", "representative A", seal=SEAL)
    assert [mark.person for mark in signed.all(Agreement)[0].signatures] == ["representative A"]


def test_a_new_mandate_renews_one_that_lapsed() -> None:
    lapsed = to_sign(mandate={"valid_from": MONDAY - timedelta(days=9), "valid_until": MONDAY})
    renewed = do(lapsed, "record_mandate", CONVENER, party="initiating", people=["representative A"], may="sign")
    assert do(renewed, "sign", "representative A", seal=SEAL).all(Agreement)[0].signatures


def test_an_authority_taken_back_ends_at_once() -> None:
    case = do(to_sign(mandate={}), "revoke_mandate", "senior_representative A", mandate="mandate", reason="fell out")
    assert "was revoked (fell out)" in refused(case, "sign", "representative A", seal=SEAL)[0]


def test_an_offer_is_accepted_only_by_whoever_may_negotiate() -> None:
    case = do(at("negotiation"), "make_offer", "representative A", text="two slots a day")
    offer = case.items[-1].id
    (missing,) = refused(case, "accept_offer", "representative B", offer=offer)
    assert "your authority to negotiate for responding party is not on the register" in missing


@pytest.mark.parametrize(
    ("person", "inputs", "told"),
    [
        ("senior_representative A", {"people": ["senior_representative A"]}, "nobody puts their own authority"),
        (CONVENER, {"people": ["a passer-by"], "party": "initiating"}, "people of this party"),
        (CONVENER, {"people": ["representative B"], "party": "initiating"}, "people of this party"),
        (CONVENER, {"people": [], "party": "initiating"}, "Who has it is missing"),
        ("senior_representative A", {"people": ["representative A"], "party": "responding"}, "your own party"),
        ("senior_representative A", {"people": ["representative A"], "valid_until": MONDAY}, "has not ended yet"),
    ],
)
def test_an_authority_that_cannot_be_is_refused(person: str, inputs: dict[str, object], told: str) -> None:
    given = {name: one.isoformat() if isinstance(one, datetime) else one for name, one in inputs.items()}
    assert any(told in one for one in refused(at("engagement"), "record_mandate", person, may="sign", **given))


def test_the_limits_of_an_authority_are_not_for_the_other_party() -> None:
    case, happened = did(
        at("engagement"),
        "record_mandate",
        CONVENER,
        party="initiating",
        people=["representative A"],
        may="sign",
        limit="not below nine slots",
    )
    other = roles.readable_zones(DISPUTE, case, roles.Actor("representative B"))
    assert not any(item.zone in other for item in case.all(Mandate))
    assert "nine slots" not in repr([event for event in happened if event.zone in other])
    assert case.items[-1].zone in roles.readable_zones(DISPUTE, case, roles.Actor("senior_representative A"))


def test_authority_must_outlast_the_planned_mediation() -> None:
    case = without(ready("negotiation"), Mandate)
    planned = facts.planned_end(Situation(process=DISPUTE, case=case, actor=roles.THE_CLOCK, at=MONDAY))
    assert MONDAY + timedelta(days=15) < planned
    short = engaged.with_mandates(case, at=MONDAY, until=planned)
    (missing,) = refused(short, "ask_for_mediator", CONVENER)
    assert missing.startswith("authority to negotiate, valid beyond")
    long_enough = engaged.with_mandates(case, at=MONDAY, until=planned + timedelta(minutes=1))
    assert asked_together(long_enough).stage == "appointing"


# The stakeholder map.


def test_a_case_that_is_not_ready_for_mediation_says_everything_that_is_missing() -> None:
    missing = "; ".join(refused(at("negotiation"), "ask_for_mediator", "representative A"))
    assert "no consent stands for: initiating party, responding party" in missing
    assert "on the stakeholder map and engaged for: initiating party, responding party" in missing
    assert "is missing for: initiating party, responding party" in missing
    assert "the process agreement must be accepted by: initiating party, responding party" in missing


def mapped(case: cases.Case, person: str = CONVENER, /, **inputs: object) -> cases.Case:
    """Put somebody on the map."""
    return do(case, "map_stakeholder", person, **{"name": "N", "part": "decides", "zone": "team", **inputs})


@pytest.mark.parametrize(
    ("person", "inputs"),
    [
        (CONVENER, {"side": "initiating"}),
        (CONVENER, {"side": "initiating", "part": "advises", "engaged": "yes"}),
        (CONVENER, {"engaged": "yes"}),
        ("representative A", {"side": "initiating", "engaged": "yes", "zone": "private:initiating"}),
    ],
)
def test_a_decider_counts_only_mapped_engaged_and_where_the_team_can_see(person: str, inputs: dict[str, str]) -> None:
    case = mapped(without(ready("negotiation"), Stakeholder), person, **inputs)
    case = mapped(case, side="responding", engaged="yes")
    assert "engaged for: initiating party" in "; ".join(refused(case, "ask_for_mediator", CONVENER))


def test_a_voice_that_is_missing_must_be_answered() -> None:
    case = mapped(ready("negotiation"), name="Women of the site", part="is missing")
    assert "whoever is missing" in refused(case, "ask_for_mediator", CONVENER)[0]
    voice = case.items[-1].id
    assert "a reason is given" in refused(case, "engage_stakeholder", CONVENER, stakeholder=voice, engaged="no")[0]
    left_out = do(case, "engage_stakeholder", CONVENER, stakeholder=voice, engaged="no", reason="They ask to wait")
    for answered in (left_out, do(case, "engage_stakeholder", CONVENER, stakeholder=voice)):
        assert asked_together(answered).stage == "appointing"


def test_a_decider_who_is_removed_from_the_map_keeps_the_next_session_closed() -> None:
    case = ready("sessions")
    removed = do(case, "remove_stakeholder", CONVENER, stakeholder="decider of initiating", reason="left the country")
    assert "engaged for: initiating party" in refused(removed, "open_session", MEDIATOR, agenda="Slots")[0]
    assert (
        "must be one of"
        in refused(removed, "note_contact", CONVENER, stakeholder="decider of initiating", contact="x")[0]
    )


def test_a_contact_is_noted_with_its_day_and_never_ahead_of_it() -> None:
    case = ready("negotiation")
    voice, day = "decider of initiating", MONDAY - timedelta(days=2)
    noted = do(case, "note_contact", CONVENER, stakeholder=voice, contact="By telephone", contacted_at=day.isoformat())
    found = noted.item(voice)
    assert isinstance(found, Stakeholder)
    assert (found.contact_at, found.contact_by, found.last_contact) == (day, CONVENER, "By telephone")
    ahead = (MONDAY + timedelta(days=1)).isoformat()
    missing = refused(case, "note_contact", CONVENER, stakeholder=voice, contact="x", contacted_at=ahead)
    assert missing == ("what is recorded as done does not lie ahead",)


# The process agreement and consent.

RULES = {"ground_rules": "One speaks at a time.", "confidentiality": "What is said stays here."}


def test_a_new_text_counts_once_all_have_accepted_it_and_the_old_one_stands_until_then() -> None:
    case = do(ready("sessions"), "propose_process_agreement", "representative A", press="None", **RULES)
    new = case.items[-1].id
    assert do(case, "open_session", MEDIATOR, agenda="Slots").stage == "sessions"
    case = do(case, "accept_process_agreement", "representative A", process_agreement=new)
    assert [one.state for one in case.all(ProcessAgreement)] == ["accepted", "proposed"]
    assert (
        "not accepted this text yet"
        in refused(case, "accept_process_agreement", "representative A", process_agreement=new)[0]
    )
    case = do(case, "accept_process_agreement", "representative B", process_agreement=new)
    assert [one.state for one in case.all(ProcessAgreement)] == ["replaced", "accepted"]
    accepted = case.all(ProcessAgreement, "accepted")[0]
    assert {one.text_hash for one in accepted.acceptances} == {accepted.text_hash}


def test_a_text_that_was_replaced_is_accepted_by_nobody() -> None:
    case = do(at("engagement"), "propose_process_agreement", CONVENER, **RULES)
    old = case.items[-1].id
    case = do(case, "propose_process_agreement", CONVENER, press="None", **RULES)
    missing = refused(case, "accept_process_agreement", "representative A", process_agreement=old)
    assert "must be one of this case that is proposed or accepted" in missing[0]


def test_any_word_changes_the_seal_of_the_text() -> None:
    case = do(at("engagement"), "propose_process_agreement", CONVENER, **RULES)
    other = do(at("engagement"), "propose_process_agreement", CONVENER, **{**RULES, "press": "None"})
    assert case.all(ProcessAgreement)[0].text_hash != other.all(ProcessAgreement)[0].text_hash


def test_the_parties_set_their_own_clocks_by_the_text_that_all_accepted() -> None:
    case = do(ready("sessions"), "propose_process_agreement", CONVENER, clocks=["mediation 20 wd"], **RULES)
    new = case.items[-1].id
    case = do(case, "accept_process_agreement", "representative A", process_agreement=new)
    assert not case.clocks
    case = do(case, "accept_process_agreement", "representative B", process_agreement=new)
    assert case.clocks == {"mediation": "20 wd"}
    (running,) = (
        one
        for one in timers.open_deadlines(DISPUTE, case, working_time.shipped_calendars())
        if one.rule.name == "sessions"
    )
    assert running.due is not None
    assert str(running.due.duration) == "20 wd"
    at_hand = Situation(process=DISPUTE, case=case, actor=roles.THE_CLOCK, at=MONDAY)
    assert facts.planned_end(at_hand) == MONDAY + timedelta(days=20 * 7 / 5 + 2)


@pytest.mark.parametrize(
    ("clock", "told"),
    [
        ("mediation 90 wd", "the parties may set “mediation” from 1 wd to 60 wd, not to “90 wd”"),
        ("mediation 20 cd", "the parties may set “mediation” from 1 wd to 60 wd, not to “20 cd”"),
        ("mediation soon", "not to “soon”"),
        ("screening 5 wd", "“screening 5 wd” names no clock the parties may set; these are: negotiation"),
    ],
)
def test_a_clock_beyond_the_limits_is_refused(clock: str, told: str) -> None:
    (missing,) = refused(at("engagement"), "propose_process_agreement", CONVENER, clocks=[clock], **RULES)
    assert told in missing


def test_a_consent_taken_back_in_mid_mediation_ends_it_until_given_again() -> None:
    case = do(ready("sessions"), "refuse_consent", "representative B", text="We were not heard")
    assert (case.stage, case.tier, case.all(Consent, "revoked")[0].party) == ("engagement", "T1", "responding")
    assert "no consent stands for: responding party" in refused(case, "open_negotiation", CONVENER)[0]


def join(case: cases.Case) -> cases.Case:
    """Let a fourth party in."""
    named = {"representative": "r", "senior_representative": "s", "organisation": "wells", "side": "responding"}
    return do(case, "join_party", CONVENER, name="Open Wells", calendar="ngo", **named)


def test_a_party_that_joins_late_is_asked_on_a_clock_of_its_own_and_holds_up_the_sessions() -> None:
    case = join(ready("sessions", third=True))
    joined = case.parties[-1]
    assert (joined.side, joined.organisation, joined.calendar) == (cases.Side.RESPONDING, "wells", "ngo")
    assert joined.people["senior_representative"] == ("s",)
    missing = "; ".join(refused(case, "open_session", MEDIATOR, agenda="Slots"))
    assert "no consent stands for: Open Wells" in missing
    assert "accepted by: Open Wells" in missing
    planned = [one for one in timers.plan(DISPUTE, case, working_time.shipped_calendars()) if one.deadline == "joining"]
    assert {one.mail for one in planned if one.mail} == {"consent_asked", "duty_reminder"}
    asked = case.all(Consent, "asked")[0].id
    silent = do(case, "joiner_silent", roles.THE_CLOCK, consent=asked)
    assert (silent.all(Consent, "silent")[0].party, silent.tier) == (joined.id, "T1")
    agreed = do(case, "give_consent", "r")
    assert not agreed.all(Consent, "asked")
    assert "rules" in {one.id for one in agreed.all(ProcessAgreement, "accepted")}


def test_a_party_that_joins_before_anybody_answered_is_asked_with_the_others() -> None:
    assert not join(at("root_cause")).all(Consent)


def test_the_last_of_three_acceptances_settles_directly_without_a_third_party() -> None:
    case = engaged.with_mandates(at("negotiation", third=True), at=MONDAY)
    case = do(case, "make_offer", "representative A", text="two slots a day")
    offer = case.items[-1].id
    case = do(case, "accept_offer", "representative B", offer=offer)
    assert case.stage == "negotiation"
    case = do(case, "accept_offer", "representative C", offer=offer)
    assert (case.stage, case.all(Offer)[0].state) == ("drafting", "accepted")
