"""Who gets a mail and what it says, decided on cases as values: no database, no clock, no relay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest

from cases import notifying, queries
from cases.people import Person
from config import load, vocabulary, working_time
from notifications import compose, next_step, quotes, routes, wording
from notifications.compose import Task
from states import roles
from states.case import Case, Running, Stay
from states.items import Item, Neutral, Obligation, Offer, Panel, Proposal, Statement
from states.items.panels import Seat
from states.process import Process, Urgency
from tests.notifications.offices import LETTERHEAD, PARTIES, START

AMAL = Person(id="amal", name="Amal Ayen", email="amal@mission.example", timezone="Africa/Juba")
BILAL = Person(id="bilal", name="Bilal Bol", email="bilal@mission.example", timezone="Asia/Kathmandu")
CORA = Person(id="cora", name="Cora Convener", email="cora@mission.example")
ALMA = Person(id="alma", name="Alma Area", email="alma@mission.example")

OFFER = Offer(id="o1", zone=roles.SHARED, by="amal", at=START, party="A", text="Mornings for us.")
TERM = Obligation(
    id="t1",
    zone=roles.SHARED,
    by="cora",
    at=START - timedelta(days=9),
    state="due",
    owner="B",
    action="Grade the road.",
    due_at=START + timedelta(days=7),
    verifier="A",
)
MADE = queries.Entry(
    at=START,
    recorded_at=START,
    label="Make an offer",
    zone=roles.SHARED,
    trigger="make_offer",
    actor="amal",
    actor_role="Representative, Health Committee",
    lines=(queries.Line("Terms offered", "Mornings for us."),),
)


@cache
def dispute() -> Process:
    return load.load_shipped("dispute", vocabulary=vocabulary.shipped())


def a_case(*items: Item, **changes: Any) -> Case:  # noqa: ANN401 - any fields of a case
    return replace(
        Case(
            id="c1",
            number="D-2026-0007",
            process=dispute().hash,
            title="The well at Kilo 7",
            stage="sessions",
            stage_since=START,
            opened_at=START - timedelta(days=10),
            urgency=Urgency.U2,
            tier="T0",
            tier_since=START,
            tier_round=1,
            roles={"convener": ("cora",), "mediator": ("musa",)},
            parties=PARTIES,
            items=items,
        ),
        **changes,
    )


def a_notice(mail: str, *to: str, **changes: Any) -> notifying.Notification:  # noqa: ANN401 - any fields
    plain = notifying.Notification(
        id=1,
        case_id="c1",
        event_id=7,
        occurrence=f"c1:7:{mail}",
        mail=mail,
        to=to,
        item=None,
        timer_key=None,
        due_at=None,
        created_at=START,
        attempts=1,
        lease_owner="test",
        lease_until=START + timedelta(minutes=5),
    )
    return replace(plain, **changes)


def receives(person: Person, notice: notifying.Notification, case: Case) -> routes.Recipient | None:
    return routes.recipient(dispute(), case, notice, person)


def a_task(
    notice: notifying.Notification,
    person: Person,
    case: Case,
    *,
    now: datetime = START,
    entry: queries.Entry | None = None,
) -> Task:
    reader = receives(person, notice, case)
    assert reader is not None
    calendars = working_time.shipped_calendars()
    agenda = next_step.Agenda(process=dispute(), case=case, calendars=calendars, now=now)
    return Task(notice=notice, reader=reader, agenda=agenda, entry=entry)


def written(task: Task) -> wording.Letter:
    return compose.letter(task, LETTERHEAD)


OFFER_MADE = a_notice("offer_made", "other representative", item="o1")


def test_an_offer_goes_to_the_other_party_and_not_to_its_own() -> None:
    assert receives(BILAL, OFFER_MADE, a_case(OFFER)) == routes.Recipient(
        BILAL, "other representative", "Representative (Roads Agency)"
    )
    assert receives(AMAL, OFFER_MADE, a_case(OFFER)) is None
    assert receives(CORA, OFFER_MADE, a_case(OFFER)) is None


def test_nobody_is_told_about_an_item_they_may_not_read() -> None:
    assert receives(BILAL, OFFER_MADE, a_case()) is None
    assert receives(AMAL, OFFER_MADE, a_case()) is None


@pytest.mark.parametrize(("who", "reader"), [("owner representative", BILAL), ("verifier representative", AMAL)])
def test_a_term_is_told_to_the_party_it_is_about(who: str, reader: Person) -> None:
    notice = a_notice("obligation_reminder", who, item="t1")
    told = [person for person in (AMAL, BILAL, CORA, ALMA) if receives(person, notice, a_case(TERM))]
    assert told == [reader]


@pytest.mark.parametrize(("tier", "told"), [("T0", []), ("T1", [ALMA]), ("T4", [CORA]), (None, [])])
def test_a_tier_is_asked_only_where_one_was_reached(tier: str | None, told: list[Person]) -> None:
    notice = a_notice("escalation_asked", "tier")
    case = a_case(tier=tier)
    assert [person for person in (AMAL, BILAL, CORA, ALMA) if receives(person, notice, case)] == told


@pytest.mark.parametrize(("act", "told"), [("stay", [BILAL]), ("propose_urgency", [CORA]), ("appoint_as_seniors", [])])
def test_a_proposal_is_put_to_whoever_it_waits_for(act: str, told: list[Person]) -> None:
    proposal = Proposal(id="p1", zone=roles.SHARED, by="amal", at=START, party="A", act=act, label="It")
    notice = a_notice("proposal_made", "asked", item="p1")
    assert [one for one in (AMAL, BILAL, CORA, ALMA) if receives(one, notice, a_case(proposal))] == told


def test_the_duty_of_the_stage_may_be_addressed() -> None:
    notice = a_notice("duty_reminder", "duty")
    assert receives(CORA, notice, a_case(stage="drafting")) is not None
    assert receives(AMAL, notice, a_case(stage="drafting")) is None
    assert receives(AMAL, notice, a_case(stage="signature")) is not None


def test_a_mail_without_roles_of_its_own_goes_where_the_process_says() -> None:
    assert receives(AMAL, a_notice("case_closed"), a_case()) is not None
    assert receives(ALMA, a_notice("case_closed"), a_case()) is None


def test_the_first_role_that_fits_is_the_reason_given() -> None:
    both = a_case(roles={"convener": ("amal",)})
    found = receives(AMAL, a_notice("case_closed", "convener", "representative"), both)
    assert found is not None
    assert (found.role, found.part) == ("convener", "Convener")


@pytest.mark.parametrize("changes", [{"active": False}, {"email": ""}])
def test_somebody_who_left_or_has_no_address_gets_nothing(changes: Mapping[str, Any]) -> None:
    assert receives(replace(BILAL, **changes), OFFER_MADE, a_case(OFFER)) is None


def test_a_letter_about_an_offer_asks_by_its_own_clock() -> None:
    letter = written(a_task(OFFER_MADE, BILAL, a_case(OFFER), entry=MADE))
    assert (letter.asks, letter.yours, letter.late) == (True, True, False)
    assert letter.step == "Answer the offer"
    assert letter.due == "Wednesday, 2 December 2026, 17:00 Juba time (UTC+2)"
    assert letter.due_own == "Wednesday, 2 December 2026, 20:45 Kathmandu time (UTC+5:45)"
    assert letter.means == "The offer lapses; it is never taken as accepted."
    assert letter.details == (wording.Fact("Terms offered", "Mornings for us."),)
    assert letter.actor == "Representative, Health Committee"


def test_the_own_clock_is_left_out_where_it_shows_the_same() -> None:
    nairobi, khartoum = (replace(BILAL, timezone=zone) for zone in ("Africa/Nairobi", "Africa/Khartoum"))
    assert written(a_task(OFFER_MADE, khartoum, a_case(OFFER))).due_own == ""
    assert "18:00 Nairobi time (UTC+3)" in written(a_task(OFFER_MADE, nairobi, a_case(OFFER))).due_own


def test_a_reminder_repeats_what_its_item_says() -> None:
    key = f"obligation:t1@{TERM.due_at:%Y%m%dT%H%M%S}:remind 1 -7 cd"
    notice = a_notice("obligation_reminder", "owner representative", item="t1", event_id=None, timer_key=key)
    letter = written(a_task(notice, BILAL, a_case(TERM)))
    assert letter.details == (wording.Fact("Term", "Grade the road."),)
    assert (letter.step, letter.act) == ("Report the obligation as done", "")
    assert letter.due.startswith("Tuesday, 8 December 2026")


def test_a_day_that_has_passed_is_told_as_passed() -> None:
    key = f"obligation:t1@{TERM.due_at:%Y%m%dT%H%M%S}:remind 4 1 cd"
    notice = a_notice("obligation_reminder", "owner representative", item="t1", event_id=None, timer_key=key)
    missed = a_case(replace(TERM, state="missed"))
    task = a_task(notice, BILAL, missed, now=TERM.due_at + timedelta(days=1))
    assert written(task).late
    text = " ".join(task.voice.render(notice.mail, written(task)).text.split())
    assert "It was due on Tuesday, 8 December 2026, 09:00 Juba time (UTC+2); please do it now." in text
    assert "Because nothing was recorded by then: The term is recorded as missed" in text


def reminder(key: str, **changes: Any) -> notifying.Notification:  # noqa: ANN401 - any fields
    return a_notice("duty_reminder", "mediator", **{"event_id": None, "timer_key": key} | changes)


@pytest.mark.parametrize(
    ("key", "changes", "moot"),
    [
        ("sessions:1:remind 1 50%", {}, False),
        ("sessions:2:remind 1 50%", {}, True),
        ("sessions:1:remind 1 50%", {"stage": "drafting"}, True),
        ("sessions:1:remind 1 50%", {"stays": (Stay(begun_at=START, until=START, reason="Floods"),)}, True),
        ("whole_case:1:remind 1 90%", {}, True),
        ("whole_case:1:remind 1 90%", {"running": {"whole_case": Running(since=START, round=1)}}, False),
        ("whole_case:1:remind 1 90%", {"running": {"whole_case": Running(since=START, round=2)}}, True),
    ],
)
def test_a_reminder_is_moot_once_its_own_clock_has_stopped(key: str, changes: Mapping[str, Any], *, moot: bool) -> None:
    case = a_case(**changes)
    agenda = next_step.Agenda(process=dispute(), case=case, calendars=working_time.shipped_calendars(), now=START)
    assert next_step.is_moot(agenda, reminder(key), asks=True) is moot


@pytest.mark.parametrize(("state", "moot"), [("open", False), ("accepted", True), ("lapsed", True)])
def test_a_question_about_an_item_is_moot_once_it_is_answered(state: str, *, moot: bool) -> None:
    case = a_case(replace(OFFER, state=state))
    agenda = next_step.Agenda(process=dispute(), case=case, calendars=working_time.shipped_calendars(), now=START)
    assert next_step.is_moot(agenda, OFFER_MADE, asks=True) is moot
    assert not next_step.is_moot(agenda, OFFER_MADE, asks=False)


def test_a_tier_is_told_its_own_clock() -> None:
    letter = written(a_task(a_notice("escalation_asked", "tier"), ALMA, a_case(tier="T1")))
    assert letter.step == "Answer what is asked: decide it locally, return it, or pass it up"
    assert letter.tier == "Area"
    assert letter.means == "Deputies are called beside those who did not answer."


def test_who_has_just_acted_is_not_told_that_the_step_is_theirs() -> None:
    notice = a_notice("signed", "representative")
    signature = a_case(stage="signature")
    acted = replace(MADE, trigger="sign", label="Sign", actor="amal")
    assert not written(a_task(notice, AMAL, signature, entry=acted)).yours
    assert written(a_task(notice, BILAL, signature, entry=acted)).yours


def test_the_clock_is_named_with_what_silence_meant() -> None:
    lapsed = replace(
        MADE, trigger="lapse_offer", label="Offer lapsed", actor="clock", actor_role="", timer="offer:o1@x:100%"
    )
    letter = written(a_task(a_notice("offer_lapsed", "representative"), AMAL, a_case(), entry=lapsed))
    assert (letter.actor, letter.meant) == ("", "The offer lapses; it is never taken as accepted.")
    text = " ".join(wording.voice("en").render("offer_lapsed", letter).text.split())
    assert "By: the clock, because the time ran out" in text


def test_a_closed_case_asks_nothing_and_tells_the_last_window() -> None:
    running = {"reopening": Running(since=START, round=1)}
    closed = a_case(stage="closed", closed_at=START, outcome="settled", running=running)
    letter = written(a_task(a_notice("case_closed", "representative"), AMAL, closed))
    assert not letter.yours
    assert letter.step == "Reopen the case, if there is reason to"


def test_a_case_without_any_clock_is_told_without_a_date() -> None:
    closed = a_case(stage="closed", closed_at=START, outcome="withdrawn")
    letter = written(a_task(a_notice("case_closed", "representative"), AMAL, closed))
    text = wording.voice("en").render("case_closed", letter).text
    assert (letter.due, letter.step) == ("", "")
    assert text.startswith("The case is closed. You need to do nothing now.\n")


def test_a_paused_case_tells_the_day_it_goes_on() -> None:
    stay = Stay(begun_at=START, until=datetime(2026, 12, 10, 6, tzinfo=UTC), reason="Floods")
    letter = written(a_task(a_notice("case_stayed", "representative"), AMAL, a_case(stays=(stay,))))
    assert letter.due == "Thursday, 10 December 2026, 08:00 Juba time (UTC+2)"
    assert letter.step == "The pause of all clocks"


def test_the_same_notification_makes_the_same_message_for_ever() -> None:
    first, again, other = (
        compose.compose(task, LETTERHEAD)
        for task in (
            a_task(OFFER_MADE, BILAL, a_case(OFFER)),
            a_task(OFFER_MADE, BILAL, a_case(OFFER), now=START + timedelta(hours=1)),
            a_task(replace(OFFER_MADE, occurrence="c1:8:offer_made"), BILAL, a_case(OFFER)),
        )
    )
    assert first.message_id == again.message_id != other.message_id
    assert first.thread_root == other.thread_root != first.message_id


@pytest.mark.parametrize(
    ("wrote", "repeated"),
    [
        ("See https://evil.example/a?b", "See https: //evil.example/a?b"),
        ("FTP://evil.example www.evil.example", "FTP: //evil.example www .evil.example"),
        ("safe\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe", "safe gpj.exe"),
        ("one\ntwo", "one\ntwo"),
        ("null\x00byte", "null byte"),
    ],
)
def test_what_people_wrote_is_repeated_without_traps(wrote: str, repeated: str) -> None:
    assert quotes.quoted(wrote) == repeated


def test_a_long_text_is_cut_and_says_so() -> None:
    said = replace(MADE, lines=(queries.Line("Terms", "x" * 1000), queries.Line("More", "y" * 10)))
    first, second = quotes.facts(dispute(), said, wording.voice("en"), about=(), names={})
    assert first.words == "x" * quotes.QUOTE_LIMIT + " … (the rest stands in the case)"
    assert second.words.strip() == "… (the rest stands in the case)"


def test_values_are_told_as_people_say_them() -> None:
    lines = (
        queries.Line("Resume on", datetime(2026, 12, 10, 6, tzinfo=UTC)),
        queries.Line("Present", ("Amal", "Bilal")),
        queries.Line("Agrees", value=True),
        queries.Line("Remarks", None),
    )
    told = quotes.facts(dispute(), replace(MADE, lines=lines), wording.voice("en"), about=(), names={})
    assert told == (
        wording.Fact("Resume on", "Thursday, 10 December 2026, 08:00 Juba time (UTC+2)"),
        wording.Fact("Present", "Amal\nBilal"),
    )


def test_a_mail_says_which_term_its_reason_is_about() -> None:
    notice = a_notice("obligation_contested", "representative", item="t1")
    why = replace(MADE, trigger="contest_obligation", lines=(queries.Line("What is not as promised", "It is mud."),))
    letter = written(a_task(notice, AMAL, a_case(replace(TERM, state="contested")), entry=why))
    assert letter.details == (
        wording.Fact("Term", "Grade the road."),
        wording.Fact("What is not as promised", "It is mud."),
    )


def test_a_neutral_is_told_by_name() -> None:
    neutral = Neutral(
        id="n1", zone=roles.SHARED, by="cora", at=START, person="musa", disclosure="None", state="confirmed"
    )
    task = a_task(a_notice("mediator_appointed", "representative", item="n1"), AMAL, a_case(neutral))
    assert written(replace(task, names={"musa": "Musa Lado"})).details == (wording.Fact("Neutral", "Musa Lado"),)


def test_who_is_asked_reads_of_their_own_clock_and_not_of_an_others() -> None:
    awaited = Statement(id="s1", zone=roles.SHARED, by="clock", at=START, state="awaited", party="A")
    case = a_case(awaited, stage="screening")
    asked = a_task(a_notice("screening_begins", "convener", item="s1"), CORA, case)
    assert written(asked).step == "Screen the notice"


def test_the_clock_of_the_whole_case_is_nobodys_next_step_while_a_stage_runs_out_first() -> None:
    running = {"whole_case": Running(since=START, round=1)}
    letter = written(a_task(a_notice("mediator_appointed", "convener"), CORA, a_case(running=running)))
    assert (letter.yours, letter.step) == (False, "Hold sessions and bring about a settlement")


def test_what_happens_by_itself_at_once_is_asked_of_nobody() -> None:
    letter = written(a_task(a_notice("receipt", "convener"), CORA, a_case(stage="submitted")))
    assert (letter.yours, letter.late, letter.due) == (False, False, "")


def test_a_closed_case_says_how_it_ended() -> None:
    closed = a_case(stage="closed", outcome="withdrawn", closed_at=START)
    task = a_task(a_notice("case_closed"), AMAL, closed)
    assert "How it ended: withdrawn." in task.voice.render("case_closed", written(task)).text


def test_the_members_of_a_panel_are_told_by_name() -> None:
    label = "Members"
    said = replace(MADE, lines=(queries.Line(label, ("musa for Health", "amal for Roads")),))
    panel = Panel(
        id="p1",
        zone=roles.SHARED,
        by="cora",
        at=START,
        name="Board",
        chair="musa",
        seats=(Seat(person="musa", body="Health"),),
        quorum=1,
    )
    assert panel.people == {"cora", "musa"}
    told = quotes.facts(dispute(), said, wording.voice("en"), about=(), names={"musa": "Musa Lado"})
    assert told == (wording.Fact(label, "Musa Lado for Health\namal for Roads"),)


def test_an_answer_names_what_was_proposed() -> None:
    label = "Extend the mediation by agreement"
    asked = Proposal(id="q1", zone=roles.SHARED, by="amal", at=START, act="extend", label=label, party="A")
    letter = written(a_task(a_notice("proposal_answered", "representative", item="q1"), BILAL, a_case(asked)))
    assert letter.details == (wording.Fact("Proposal", label),)


def test_a_title_cannot_flood_a_mail() -> None:
    letter = written(a_task(OFFER_MADE, BILAL, a_case(OFFER, title="水" * 500)))
    assert len(letter.title.encode()) <= quotes.LINE_LIMIT + 3
