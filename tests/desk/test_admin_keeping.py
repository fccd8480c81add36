"""What administrators look after beside people and processes: mails, texts, periods and the record itself."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select, update

from cases import notifying, retention, tables
from cases.retention import DataClass
from cases.unit_of_work import reading, unit_of_work
from notifications import mailroom, planning, samples, tongues
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, House, form_of, form_to

PAGES = ("/undelivered", "/retention", "/retention/looks", "/audit")
TEXTS = ("/mail-texts", "/mail-texts/offer_made", "/mail-texts/offer_made/fr", "/mail-texts/offer_made/fr/picture")
TITLES = ("Kworijik", "Nimule", "Borehole")
REFUSAL = "5.1.1 no such user here"


def a_refused_mail(house: House, *, to: str = "marie") -> int:
    """Writes what waits, and lets the server refuse a mail to somebody; returns its id."""
    rows = tables.messages
    with reading(house.record.engine) as connection:
        wanted = select(rows.c.id).where(rows.c.person_id == to, rows.c.case_id.is_not(None)).order_by(rows.c.id)
        found: int = connection.execute(wanted.limit(1)).scalar_one()
    with unit_of_work(house.record.engine) as work:
        work.execute(
            update(rows).where(rows.c.id == found).values(state="refused", settled_at=house.clock.now(), attempts=1)
        )
        told = {"message_id": found, "at": house.clock.now(), "outcome": "refused", "code": 550, "reply": REFUSAL}
        work.execute(tables.deliveries.insert(), told)
    return found


@pytest.fixture
def refused(front: Front) -> int:
    """Returns the id of a mail to Marie that her mail server refused."""
    house = front.house
    room = mailroom.open_mailroom(house.record, house.settings, clock=house.clock)
    for notice in notifying.claim(house.record.engine, now=house.clock.now(), owner="test"):
        planning.open_planner(room).plan(notice)
    return a_refused_mail(house)


def state_of(house: House, message: int) -> str:
    with reading(house.record.engine) as connection:
        found = connection.execute(select(tables.messages.c.state).where(tables.messages.c.id == message)).scalar_one()
        return str(found)


def pressed(client: httpx.Client, page: str, action: str) -> httpx.Response:
    return client.post(action, data=form_to(client.get(page).text, action))


@pytest.mark.parametrize("page", [*PAGES, *TEXTS])
def test_only_administrators_are_let_in_and_read_of_no_case(front: Front, page: str) -> None:
    # Texts of mails are kept by the registry as well, in which Claire works.
    for who, status in (("li", 200), ("claire", 200 if page in TEXTS else 403), ("nadia", 403), (None, 401)):
        with front.client(who) as client:
            answer = client.get(page)
        assert answer.status_code == status
        assert not [one for one in (*TITLES, SECRET_OF_A, SECRET_OF_B, TEAM_SECRET) if one in answer.text]


def test_administrators_see_whom_a_mail_did_not_reach_and_nothing_of_its_case(front: Front, refused: int) -> None:
    with front.client("li") as client:
        page = client.get("/undelivered").text
        assert "Marie Keji" in page
        assert REFUSAL in page
        assert not [one for one in ("D-2026-", *TITLES) if one in page]
        client.post("/undelivered/retry", data={**form_of(page), "message": str(refused)})
        assert "Marie Keji" not in client.get("/undelivered").text
    assert state_of(front.house, refused) == "queued"


def test_the_team_reads_why_and_records_that_they_were_reached_by_telephone(front: Front, refused: int) -> None:
    with front.client("claire") as client:
        listed = client.get("/mails?state=undelivered").text
        assert f"The mail server of the address refused it: “{REFUSAL}”" in listed
        page = client.get(f"/mails/{refused}").text
        link = re.search(r'href="(/cases/[^"]+/acts/declare_service[^"]+)"', page)
        assert link is not None
        form = form_of(client.get(link[1].replace("&amp;", "&")).text)
    assert (form["method"], form["person"], form["recipient"]) == ("read over the telephone", "marie", "B")


def test_all_that_was_given_up_is_tried_again_and_what_was_sent_goes_out_once_more(front: Front, refused: int) -> None:
    with front.client("claire") as client:
        pressed(client, "/mails?state=undelivered", "/mails/retry")
        assert state_of(front.house, refused) == "queued"
        too_early = client.post(f"/mails/{refused}/again", data=form_of(client.get(f"/mails/{refused}").text))
        assert too_early.status_code == 409
        with unit_of_work(front.house.record.engine) as work:
            work.execute(update(tables.messages).where(tables.messages.c.id == refused).values(state="sent"))
        assert pressed(client, f"/mails/{refused}", f"/mails/{refused}/again").status_code == 303
    assert state_of(front.house, refused) == "queued"
    with front.client("stranger") as client:
        token = form_to(client.get("/mails").text, "/sign-out")
        assert client.post(f"/mails/{refused}/again", data=token).status_code == 404


def test_every_mail_is_shown_in_every_language_with_what_it_lacks(front: Front) -> None:
    with front.client("li") as client:
        page = client.get("/mail-texts/offer_made").text
        listed = client.get("/mail-texts").text
        assert client.get("/mail-texts/nothing").status_code == 404
    assert page.count('class="letter small"') == len(tongues.LANGUAGES)
    assert samples.NUMBER in page
    assert {name for name in samples.names() if f'href="/mail-texts/{name}"' not in listed} == set()
    assert len(samples.sentences("offer_made")) > 1
    assert samples.missing("offer_made", "en") == 0


def test_a_test_mail_goes_to_whoever_asked_alone(front: Front) -> None:
    with front.client("li") as client:
        answer = pressed(client, "/mail-texts/offer_made", "/mail-texts/offer_made/send")
        assert "on its way to your own address" in client.get(answer.headers["location"]).text
    with reading(front.house.record.engine) as connection:
        rows = connection.execute(select(tables.messages.c.person_id).where(tables.messages.c.mail == "offer_made"))
        assert rows.scalars().all() == ["li"]


def test_a_period_is_decided_by_somebody_and_counts_what_it_would_delete(front: Front) -> None:
    with front.client("claire") as client:
        client.get("/cases/D-2026-0001")
    front.house.clock.advance(days=20)
    with front.client("li") as client:
        before = client.get("/retention").text
        assert "deletes nothing by itself" in before
        assert "as Parley proposes" in before
        form = form_of(client.get("/retention/looks").text)
        assert client.post("/retention/looks", data={**form, "days": "0"}).status_code == 422
        client.post("/retention/looks", data={**form, "days": "10"})
        after = client.get("/retention").text
    assert "Li Wei" in after
    period = next(one for one in retention.periods(front.house.record.engine) if one.data is DataClass.LOOKS)
    assert (period.days, period.changed_by) == (10, "li")
    found = retention.outlook(front.house.record.engine, period, now=front.house.clock.now())
    assert (found.now, found.soon) == (1, 0)
    earlier = retention.outlook(front.house.record.engine, period, now=front.house.clock.now() - timedelta(days=15))
    assert (earlier.now, earlier.soon) == (0, 1)
    assert earlier.next_at is not None


def test_the_record_is_checked_now_and_a_break_is_told_without_its_case(front: Front) -> None:
    with front.client("li") as client:
        assert "The record is consistent" in pressed(client, "/audit", "/audit").text
        with unit_of_work(front.house.record.engine) as work:
            work.execute(update(tables.cases).where(tables.cases.c.number == "D-2026-0002").values(head="0" * 64))
        broken = pressed(client, "/audit", "/audit").text
    assert "The record is broken" in broken
    assert "parley verify" in broken
    assert "D-2026-0002" not in broken
