"""The pages: what each person sees, acting through the page to check, and what a page weighs."""

from __future__ import annotations

import gzip
import mailbox
import re
from email.message import EmailMessage
from pathlib import Path

import pytest

from cases import notifying, outbox, queries, reference
from cases.outbox import Attempt, MessageState, NewMessage
from desk import headers
from desk.words import Words
from tests.desk.house import OFFER, SECRET_OF_A, SECRET_OF_B, START, TEAM_SECRET, Front, House, form_of, open_dispute

SESSIONS = "D-2026-0001"
SCREENING = "D-2026-0002"
STYLES = Path("desk/static/desk.css")
# What each person of the cases may read of what was said in confidence.
READS = {
    "joseph": {SECRET_OF_A},
    "marie": {SECRET_OF_B},
    "achol": set(),
    "peter": set(),
    "stranger": set(),
    "claire": {TEAM_SECRET},
    "nadia": {SECRET_OF_A, SECRET_OF_B, TEAM_SECRET},
}


def text_of(page: str) -> str:
    """Returns the words of a page, without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("&#34;", '"').split())


def get(front: Front, who: str, path: str) -> str:
    with front.client(who) as client:
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.text


def issue_of(house: House, number: str) -> str:
    case = queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), number)[1]
    return next(item.id for item in case.items if item.kind == "issue")


@pytest.mark.parametrize("who", READS)
def test_everybody_reads_what_their_rooms_allow_and_nothing_else(front: Front, who: str) -> None:
    pages = ["/", "/cases", "/mails", "/mailbox"]
    pages += [
        f"/cases/{number}{more}" for number in (SESSIONS, SCREENING) for more in ("?everything=yes", "/process.svg")
    ]
    pages += [f"/cases/{SESSIONS}?zone={zone}&everything=yes" for zone in ("caucus:A", "caucus:B", "team", "seniors")]
    pages += [
        f"/cases/{SCREENING}/acts/add_note",
        f"/api/cases/{SESSIONS}",
        f"/api/cases/{SESSIONS}/acts",
        f"/api/cases/{SESSIONS}/calendar",
        f"/api/cases/{SESSIONS}/board",
        "/api/calendar",
        "/calendar",
        "/api/messages",
    ]
    with front.client(who) as client:
        shown = "".join(client.get(path).text for path in pages)
    assert {secret for secret in (SECRET_OF_A, SECRET_OF_B, TEAM_SECRET) if secret in shown} == READS[who]


def test_my_desk_says_what_needs_me_by_when_and_what_happens_otherwise(front: Front) -> None:
    words = text_of(get(front, "claire", "/"))
    row = "Market stall allocation, Nimule D-2026-0002 Screen the notice Otherwise: The case is treated as admissible"
    assert row in words
    assert "Thu 5 Nov, 17:00" in words


def test_my_desk_says_what_waits_on_others_and_what_the_clock_will_do(front: Front) -> None:
    words = text_of(get(front, "claire", "/"))
    waits = words[words.index("Waiting on others") :]
    assert "Answer the offer Representative (Farmers council): Marie Keji" in waits
    assert "The offer lapses; it is never taken as accepted." in waits


def test_coming_dates_stand_by_day_on_the_desk_and_the_page_of_the_case(front: Front) -> None:
    desk = text_of(get(front, "marie", "/"))
    coming = desk[desk.index("Coming dates") :]
    assert re.search(r"(Mon|Tues|Wednes|Thurs|Fri)day,? \d+ November 2026 .*Answer the offer", coming)
    assert f"{SESSIONS} Grazing access at Kworijik wells If nothing is recorded by then: The offer lapses" in coming
    case = text_of(get(front, "marie", f"/cases/{SESSIONS}"))
    dates = case[case.index("Coming dates") :]
    assert "Answer the offer" in dates[: dates.index("Parties")]
    assert "If nothing is recorded by then: The offer lapses; it is never taken as accepted." in dates
    whole = text_of(get(front, "marie", "/calendar"))
    assert "Answer the offer" in whole
    assert "· you" in whole


def test_somebody_with_no_case_has_no_coming_dates(front: Front) -> None:
    assert "No date is coming." in text_of(get(front, "li", "/calendar"))


def test_an_empty_desk_says_so_in_words(front: Front) -> None:
    words = text_of(get(front, "li", "/"))
    assert "Nothing needs you." in words
    assert "Nothing to decide. When someone escalates a case to you it appears here and you get one e-mail." in words


def test_the_clock_makes_what_is_late_stand_out(front: Front) -> None:
    front.house.clock.advance(days=25)
    page = get(front, "nadia", "/")
    assert 'class="due bad"' in page
    assert "Overdue" in text_of(page)


def test_a_decision_that_is_asked_appears_on_the_desk_of_those_who_decide(front: Front) -> None:
    front.house.act("claire", case_id(front.house, SCREENING), "escalate", text="Whose stall is it?")
    front.house.clock.advance(days=2)
    front.house.service.fire_due(case_id(front.house, SCREENING))
    words = text_of(get(front, "simon", "/"))
    decisions = words[words.index("Decisions asked of me") :]
    assert "Market stall allocation, Nimule" in decisions[: decisions.index("Waiting on others")]


def screened(front: Front) -> str:
    """Have the screening recorded, so that admitting asks for nothing more; return the address of that act."""
    told = {"forum_is_right": "yes", "contact": "Called", "checked_safety": "yes", "checked_duplicates": "yes"}
    front.house.act("claire", case_id(front.house, SCREENING), "record_screening", **told)
    return f"/cases/{SCREENING}/acts/admit"


def case_id(house: House, number: str) -> str:
    return queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), number)[1].id


def test_the_case_page_says_what_happens_next_with_the_meaning_of_silence_and_the_place(front: Front) -> None:
    words = text_of(get(front, "marie", f"/cases/{SESSIONS}"))
    assert (
        f"You are asked: Answer the offer ( {OFFER} ), by Thursday, 5 November 2026, 17:00 Juba time (UTC+2) ." in words
    )
    assert "If nothing is recorded by then: The offer lapses; it is never taken as accepted." in words


def test_the_case_page_offers_at_most_four_acts_and_the_rest_under_more(front: Front) -> None:
    page = get(front, "claire", f"/cases/{SCREENING}")
    now = page[page.index('id="now"') : page.index('id="stages"')]
    buttons, more = now.split("More acts")
    assert 2 <= len(re.findall('class="btn', buttons)) <= 4
    assert "Record the screening" in buttons
    assert "Write a note" not in buttons
    assert "Refuse as inadmissible" in more


def test_the_case_page_lists_what_each_move_still_needs(front: Front) -> None:
    words = text_of(get(front, "claire", f"/cases/{SCREENING}"))
    moves = words[words.index("What moves this case on") : words.index("Case file")]
    assert "Admit the case 4 things missing" in moves
    assert "a safety check was done" in moves


def test_the_stepper_marks_where_the_case_stands_in_words(front: Front) -> None:
    page = get(front, "claire", f"/cases/{SESSIONS}")
    current = re.findall(r'<li class="cur" aria-current="step"><b>([^<]+)</b>', page)
    assert current == ["Mediation"]
    assert "Engagement Done 2 November" in text_of(page)


def test_a_deadline_tells_why_it_falls_when_it_does(front: Front) -> None:
    words = text_of(get(front, "claire", f"/cases/{SCREENING}"))
    assert "3 working days from" in words
    assert "Counted by the calendar “" in words


def test_the_file_and_its_timeline_can_be_narrowed_to_one_room(front: Front) -> None:
    page = get(front, "nadia", f"/cases/{SCREENING}?zone=caucus:A")
    file = text_of(page[page.index('id="file"') : page.index('id="dates"')])
    assert file.count(SECRET_OF_A) == 2
    assert "Submit the notice" not in file
    assert "Shared with all parties" not in file.partition("Timeline")[2]


def test_a_room_somebody_may_not_read_is_no_room_to_them(front: Front) -> None:
    address = f"/cases/{SCREENING}"
    elsewhere = [get(front, "marie", f"{address}?zone={zone}") for zone in ("caucus:A", "team", "nonsense")]
    assert {text_of(page) for page in elsewhere} == {text_of(get(front, "marie", address))}


def test_the_record_card_says_whether_the_chain_holds(front: Front) -> None:
    assert "Unbroken" in text_of(get(front, "claire", f"/cases/{SESSIONS}"))


def test_a_party_is_not_told_how_much_was_recorded_in_rooms_it_cannot_read(front: Front) -> None:
    run, party = (text_of(get(front, who, f"/cases/{SESSIONS}")) for who in ("nadia", "marie"))
    assert "entries, chained" in run
    assert "Last seal" in run
    assert "Unbroken" in party
    assert "entries, chained" not in party
    assert "Last seal" not in party


def test_what_others_record_in_their_rooms_neither_shows_in_a_partys_form_nor_stops_it(front: Front) -> None:
    address, house = f"/cases/{SESSIONS}/acts/add_note", front.house
    with front.client("joseph") as client:
        typed = {**form_of(client.get(f"{address}?whole=yes").text), "text": "The road is shut", "zone": "caucus:A"}
        checked = client.post(f"{address}/check", data=typed)
        case_id = reference.case_id(house.record.engine, SESSIONS)
        house.act_at_once("claire", case_id, "add_note", text="Both sides trust the vet.", zone="team")
        again = client.post(f"{address}/check", data=typed)
        assert form_of(checked.text)["seen_version"] == form_of(again.text)["seen_version"]
        assert client.post(address, data=form_of(checked.text)).status_code == 303


def test_the_drawing_marks_the_stage_of_the_case(front: Front) -> None:
    drawing = get(front, "claire", f"/cases/{SESSIONS}/process.svg")
    assert re.search(r'class="stage[^"]*current[^"]*" data-stage="sessions"', drawing)


def test_an_act_is_asked_checked_done_and_receipted(front: Front) -> None:
    front.house.speak("nadia", "ar")
    with front.client("marie") as client:
        case = client.get(f"/cases/{SESSIONS}").text
        address = re.findall(rf'href="(/cases/{SESSIONS}/acts/accept_offer)"', case)[0]
        asked = client.get(address).text
        offer = re.findall(r'name="offer"[^>]*value="([^"]+)"', asked)[0]
        before = front.house.dump()
        checked = client.post(f"{address}/check", data={**form_of(asked), "offer": offer}).text
        assert front.house.dump() == before
        words = text_of(checked)
        assert "The case moves from “Sessions” to “Drafting”." in words
        assert "Joseph Lado Representative (Herders association) English" in words
        assert "Nadia Haddad Mediator Arabic" in words
        assert "No longer running: Answer to an offer and Sessions" in words
        done = client.post(address, data=form_of(checked))
        assert done.status_code == 303
        receipt = text_of(client.get(done.headers["location"]).text)
    assert "Recorded: Accept an offer. Entry" in receipt


def test_an_act_that_asks_for_nothing_is_checked_at_once(front: Front) -> None:
    with front.client("claire") as client:
        address = screened(front)
        page = client.get(address).text
        assert "Check before you do it" in page
        assert client.post(address, data=form_of(page)).status_code == 303


def test_a_form_sent_twice_does_its_act_once(front: Front) -> None:
    with front.client("claire") as client:
        address = screened(front)
        form = form_of(client.get(address).text)
        answers = [client.post(address, data=form) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    timeline = get(front, "claire", f"/cases/{SCREENING}?everything=yes")
    assert timeline.count("<h3>Admit the case</h3>") == 1


def test_what_is_missing_in_a_form_is_listed_with_links_and_what_was_typed_is_kept(front: Front) -> None:
    with front.client("claire") as client:
        asked = client.get(f"/cases/{SCREENING}/acts/record_screening").text
        form = {**form_of(asked), "contact": "Called <b>twice</b>"}
        answer = client.post(f"/cases/{SCREENING}/acts/record_screening/check", data=form)
    assert answer.status_code == 422
    assert answer.text.count('href="#field-') == 3
    assert '<a href="#field-checked_safety">A safety check was done: choose an answer</a>' in answer.text
    assert 'value="Called &lt;b&gt;twice&lt;/b&gt;"' in answer.text
    assert "<title>Error:" in answer.text


def test_an_act_that_is_not_ready_lists_everything_it_needs(front: Front) -> None:
    words = text_of(get(front, "claire", f"/cases/{SCREENING}/acts/admit"))
    assert "This cannot be done yet. It still needs:" in words
    assert "it was checked that no other case covers this" in words


def test_a_date_is_read_at_the_place_of_the_case(front: Front) -> None:
    with front.client("claire") as client:
        address = f"/cases/{SESSIONS}/acts/pause_for_safety"
        asked = client.get(address).text
        assert "Juba time (UTC+2)" in text_of(asked)
        form = {**form_of(asked), "until": "2026-11-04T08:00", "reason": "Rains"}
        checked = client.post(f"{address}/check", data=form).text
    assert "All clocks stand still until Wednesday, 4 November 2026, 08:00 Juba time (UTC+2)." in text_of(checked)


def test_answers_can_be_changed_from_the_page_to_check(front: Front) -> None:
    with front.client("claire") as client:
        address = f"/cases/{SCREENING}/acts/add_note"
        form = {**form_of(client.get(address).text), "text": "First line\r\nsecond line", "zone": "team"}
        checked = client.post(f"{address}/check", data=form).text
        again = client.post(f"{address}/check", data={**form_of(checked), "change": "yes"})
    assert again.status_code == 200
    assert "\nFirst line\nsecond line</textarea>" in again.text


def test_the_second_person_is_told_who_was_first(front: Front) -> None:
    with front.client("claire") as client:
        address = screened(front)
        form = form_of(client.get(address).text)
        front.house.act("marie", case_id(front.house, SCREENING), "answer_notice", text="Our account.")
        answer = client.post(address, data=form)
        assert answer.status_code == 409
        assert "Marie Keji was first: “Answer the notice”" in text_of(answer.text)
        again = client.post(address, data=form_of(answer.text))
    assert again.status_code == 303


def test_an_act_without_an_object_is_not_offered_and_its_form_says_so(front: Front) -> None:
    case = get(front, "marie", f"/cases/{SCREENING}")
    now = case[case.index('class="now"') : case.index("More acts")]
    assert "/acts/state_fact" in now
    assert "/acts/answer_fact" not in now
    assert "/acts/escalate" not in now
    assert "Nothing is there to choose" in get(front, "marie", f"/cases/{SCREENING}/acts/answer_fact")
    front.house.act("joseph", case_id(front.house, SCREENING), "state_fact", statement="The pump broke", source="Log")
    assert "/acts/answer_fact" in get(front, "marie", f"/cases/{SCREENING}").partition("More acts")[0]


def test_an_answer_in_the_timeline_says_what_it_answers(front: Front) -> None:
    number = case_id(front.house, SCREENING)
    front.house.act("joseph", number, "state_fact", statement="The pump broke", source="Log")
    case = queries.case_for(front.house.record, queries.Viewer(front.house.directory.actor("marie")), SCREENING)[1]
    fact = next(item.id for item in case.items if item.kind == "fact")
    front.house.act("marie", number, "answer_fact", fact=fact, answer="disputed")
    words = text_of(get(front, "joseph", f"/cases/{SCREENING}"))
    assert "Fact: The pump broke (disputed) Answer: disputed" in words


def bring_to_consent(house: House) -> str:
    """Screens the second case and closes its first pass over the causes; returns its id."""
    number = case_id(house, SCREENING)
    told = {"forum_is_right": "yes", "contact": "Called", "checked_safety": "yes", "checked_duplicates": "yes"}
    house.act("claire", number, "record_screening", **told)
    house.act("claire", number, "admit")
    case = queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), SCREENING)[1]
    for issue in (item.id for item in case.items if item.kind == "issue"):
        cause = {"statement": "No stall has a number", "family": "structure", "whys": ["It grew"], "source": "Talks"}
        house.act("claire", number, "record_cause", issue=issue, **cause)
    house.act("joseph", number, "give_account", text="Ours were there first.")
    house.act("marie", number, "answer_notice", text="Ours pay for the ground.")
    house.act("claire", number, "record_method", no_harm="yes", proposed="mediation")
    house.act("claire", number, "causes_recorded")
    return number


def test_what_is_asked_next_stands_first_and_is_asked_of_nobody_twice(front: Front) -> None:
    number = bring_to_consent(front.house)
    case = get(front, "marie", f"/cases/{SCREENING}")
    assert "You are asked: Answer whether you consent to mediation" in text_of(case)
    assert re.findall(rf"/cases/{SCREENING}/acts/(\w+)", case)[0] == "give_consent"
    front.house.act("marie", number, "give_consent")
    words = text_of(get(front, "marie", f"/cases/{SCREENING}"))
    assert "Joseph Lado is asked: Answer whether you consent to mediation" in words


def test_people_of_the_case_come_before_everybody_else(front: Front) -> None:
    page = get(front, "claire", f"/cases/{SESSIONS}/acts/record_mandate")
    order = [page.index(name) for name in ("Julia Okafor", "Everybody else on file", "Amina Diallo")]
    assert order == sorted(order)


@pytest.mark.parametrize("trigger", ["confirm", "nonsense"])
def test_an_act_that_is_not_open_cannot_be_posted(front: Front, trigger: str) -> None:
    with front.client("joseph") as client:
        form = form_of(client.get(f"/cases/{SCREENING}/acts/withdraw").text)
        whole = {**form, "request_key": "0123456789", "seen_version": "7"}
        before = front.house.dump()
        answer = client.post(f"/cases/{SCREENING}/acts/{trigger}", data=whole)
    assert answer.status_code in {409, 422}
    assert front.house.dump() == before


def test_cases_are_found_by_word_phase_and_state(front: Front) -> None:
    found = {
        query: set(re.findall(r'href="/cases/(D-2026-\d{4})"', get(front, "claire", f"/cases?{query}")))
        for query in ("", "words=market", "phase=mediation", "open=no", "urgency=U1")
    }
    assert found == {
        "": {SESSIONS, SCREENING, "D-2026-0003"},
        "words=market": {SCREENING},
        "phase=mediation": {SESSIONS},
        "open=no": set(),
        "urgency=U1": set(),
    }


def test_a_long_list_of_cases_goes_on_where_it_stopped(front: Front) -> None:
    for number in range(25):
        open_dispute(front.house, title=f"Matter {number}", key=f"more {number}")
    page = get(front, "claire", "/cases")
    after = re.findall(r'href="(/cases\?after=[^"]+)"', page)[0]
    first, second = (re.findall(r'href="/cases/(D-2026-\d{4})"', one) for one in (page, get(front, "claire", after)))
    assert len(first) == 25
    assert len({*first, *second}) == 28


def refused_mail(house: House) -> int:
    """Writes a mail to Marie on the record that her server refused; returns its id."""
    now = house.clock.now()
    notice = notifying.claim(house.record.engine, now=now, owner="test", limit=1)[0]
    content = (
        b"Subject: An answer is due\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nPlease answer <soon>.\r\n"
    )
    mail = NewMessage(
        person_id="marie", address="marie@council.example", kind="action", language="fr",
        subject="[Parley] An answer is due", message_id="one@desk.example", sender="desk@desk.example", content=content,
    )  # fmt: skip
    notifying.expand(house.record.engine, notice, [mail], now=now)
    claimed = outbox.claim_messages(house.record.engine, now=now, owner="test", limit=1)[0]
    failed = Attempt(state=MessageState.REFUSED, outcome="refused", code=550, reply="no such user")
    outbox.settle(house.record.engine, claimed, attempt=failed, now=now)
    return claimed.id


def test_a_mail_that_was_refused_is_on_the_desk_and_can_be_tried_again(front: Front) -> None:
    number = refused_mail(front.house)
    with front.client("claire") as client:
        assert "1 message could not be delivered." in text_of(client.get("/").text)
        assert "Marie Keji marie@council.example" in text_of(client.get("/mails?state=undelivered").text)
        page = client.get(f"/mails/{number}").text
        assert "550 no such user" in text_of(page)
        assert client.post(f"/mails/{number}/retry", data=form_of(page)).status_code == 303
        assert "Waiting" in text_of(client.get(f"/mails/{number}").text)


def test_the_words_of_a_mail_are_shown_to_its_reader_as_text(front: Front) -> None:
    number = refused_mail(front.house)
    assert "Please answer &lt;soon&gt;." in get(front, "marie", f"/mails/{number}")
    assert "The words of this mail are for its recipient." in get(front, "claire", f"/mails/{number}")
    with front.client("joseph") as client:
        assert client.get(f"/mails/{number}").status_code == 404


def keep_mail(house: House, to: str) -> str:
    """Puts a mail into the local mailbox; returns its key."""
    mail = EmailMessage()
    mail["To"], mail["Subject"] = to, "A reminder"
    mail.set_content("Please answer: https://desk.example/cases/D-2026-0001")
    mail.add_alternative('<p style="color:red">Please answer</p><script>alert(1)</script>', subtype="html")
    return mailbox.Maildir(house.settings.data_folder / "mailbox").add(mail.as_bytes())


def test_the_local_mailbox_shows_everybody_their_own_mails(front: Front) -> None:
    key = keep_mail(front.house, "Marie Keji <marie@council.example>")
    assert f'href="/mailbox/{key}"' in get(front, "marie", "/mailbox")
    with front.client("joseph") as client:
        assert key not in client.get("/mailbox").text
        assert client.get(f"/mailbox/{key}").status_code == 404
        assert client.get(f"/mailbox/{key}/picture").status_code == 404


def test_a_kept_mail_is_framed_in_a_sandbox(front: Front) -> None:
    key = keep_mail(front.house, "marie@council.example")
    with front.client("marie") as client:
        page, picture = client.get(f"/mailbox/{key}"), client.get(f"/mailbox/{key}/picture")
    assert f'<iframe src="/mailbox/{key}/picture" sandbox ' in page.text
    assert page.headers["content-security-policy"] == headers.FRAMING_POLICY
    sheet = re.findall("<style>(.*?)</style>", picture.text, re.DOTALL)[0]
    assert picture.headers["content-security-policy"] == headers.framed_mail_policy(sheet)
    assert "sandbox" in headers.framed_mail_policy(sheet).split("; ")


def test_a_page_that_is_not_there_says_so_in_words(front: Front) -> None:
    with front.client("claire") as client:
        answer = client.get("/cases/D-1999-0001")
    assert answer.status_code == 404
    assert "There is no such case, or it is not yours to see." in text_of(answer.text)


@pytest.mark.parametrize(("path", "limit"), [(f"/cases/{SESSIONS}", 14_000), ("/", 8_000), ("/cases", 8_000)])
def test_a_page_is_light_enough_for_a_thin_line(front: Front, path: str, limit: int) -> None:
    with front.client("nadia") as client:
        answer = client.get(path)
    assert answer.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(answer.content, 6)) <= limit


def test_the_stylesheet_is_light_and_knows_no_left_or_right() -> None:
    styles = STYLES.read_text(encoding="utf-8")
    assert len(gzip.compress(styles.encode(), 9)) <= 6_000
    assert re.findall(r"(?<![\w-])(?:left|right|margin-left|padding-right|float:\s*(?:left|right))\b", styles) == []
    assert re.findall(r"url\(|@import|@font-face", styles) == []


@pytest.mark.parametrize("path", ["/", "/cases", f"/cases/{SESSIONS}", f"/cases/{SCREENING}/acts/record_screening"])
def test_no_page_holds_styles_or_scripts_of_its_own(front: Front, path: str) -> None:
    page = get(front, "claire", path)
    assert re.findall(r"\sstyle=|<style|<script(?! src=)|\son[a-z]+=|javascript:", page) == []


def test_a_page_runs_in_the_direction_of_its_reader(front: Front) -> None:
    front.house.speak("nadia", "ar")
    assert '<html lang="ar" dir="rtl">' in get(front, "nadia", "/")
    assert '<html lang="en" dir="ltr">' in get(front, "claire", "/")


def test_an_offer_stands_in_the_case_file_with_its_state(front: Front) -> None:
    words = text_of(get(front, "joseph", f"/cases/{SESSIONS}"))
    assert f"Offers 1 {OFFER} open Made by Herders association" in words


def words_of(language: str = "en", timezone: str = "Africa/Juba") -> Words:
    return Words(language=language, timezone=timezone, now=START)


def test_an_instant_names_its_place_and_its_distance_from_utc() -> None:
    assert words_of().moment(START, "Africa/Juba") == "Monday, 2 November 2026, 09:00 Juba time (UTC+2)"
    assert words_of().moment(START, "Asia/Kathmandu").endswith("12:45 Kathmandu time (UTC+5:45)")
    assert words_of().moment(START, "UTC").endswith("07:00 UTC")


def test_a_reader_elsewhere_is_told_the_own_hour_as_well() -> None:
    assert words_of(timezone="Europe/Paris").elsewhere(START, "Africa/Juba").endswith("08:00 Paris time (UTC+1)")
    assert words_of(timezone="Africa/Khartoum").elsewhere(START, "Africa/Juba") == ""


def test_a_language_nobody_knows_reads_as_english() -> None:
    assert words_of(language="xx-nowhere").direction == "ltr"
    assert words_of(language="ar").direction == "rtl"
