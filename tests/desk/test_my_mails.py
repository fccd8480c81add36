"""How people say what comes by mail and when, how a mail program ends notices, and what an administrator lets go."""

from dataclasses import replace
from datetime import time

import httpx
import pytest

from cases import mail_wishes, outbox, undelivered
from cases.mail_wishes import Wishes
from cases.outbox import MessageState, NewMessage
from cases.people import Audience
from config.settings import Rhythm
from states.wall_time import Window
from tests.desk.house import Front, form_to

PAGE, PORTAL = "/me/mails", "/p/mails"
TYPED = {"rhythm": "weekly", "digest_at": "09:30", "hours_from": "06:00", "hours_until": "22:00", "every_day": "yes"}
CHOSEN = Wishes(rhythm=Rhythm.WEEKLY, digest_at=time(9, 30), hours=Window(time(6), time(22)), every_day=True)
CUSTOM = Wishes()


def wishes(front: Front, who: str) -> Wishes:
    return mail_wishes.of(front.house.record.engine, [who], custom=CUSTOM)[who]


@pytest.mark.parametrize(("who", "page"), [("claire", PAGE), ("portal", PORTAL)])
def test_people_say_how_they_are_written_to(front: Front, who: str, page: str) -> None:
    person = _at_portal(front) if who == "portal" else who
    with front.client(person) as client:
        form = form_to(client.get(page).text, page)
        kept = client.post(page, data={**form, **TYPED})
        assert kept.status_code == 303
        assert "It is on file as you see it here." in client.get(kept.headers["location"]).text
    assert wishes(front, person) == CHOSEN


def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(front: Front) -> None:
    with front.client("claire") as client:
        form = form_to(client.get(PAGE).text, PAGE)
        refused = client.post(PAGE, data={**form, **TYPED, "hours_from": "22:00", "hours_until": "06:00"})
        unread = client.post(PAGE, data={**form, **TYPED, "digest_at": "noon"})
    assert (refused.status_code, unread.status_code) == (422, 422)
    assert "The last hour comes before the first" in refused.text
    assert 'value="09:30"' in refused.text
    assert "Write a time of day such as 08:00" in unread.text
    assert wishes(front, "claire") == CUSTOM


def test_programs_say_it_too(front: Front) -> None:
    wanted = {"rhythm": "weekly", "digest_at": "09:30", "hours": "06:00-22:00", "every_day": True}
    with front.client("claire") as client:
        assert client.put("/api/me/mails", json=wanted, headers=_same(front)).status_code == 200
        assert client.get("/api/me/mails").json() == wanted
        refused = client.put("/api/me/mails", json={**wanted, "hours": "22:00-06:00"}, headers=_same(front))
    assert refused.status_code == 422
    assert "07:00-20:00" in refused.text
    assert wishes(front, "claire") == CHOSEN


def test_a_mail_program_ends_notices_by_the_address_alone_and_looking_ends_nothing(front: Front) -> None:
    address = f"/u/{mail_wishes.token(front.house.record.engine, 'claire')}"
    with httpx.Client(base_url=front.address) as outside:
        assert "End the notices" in outside.get(address).text
        assert wishes(front, "claire").rhythm is Rhythm.EACH
        click = {"origin": "https://mail.example", "sec-fetch-site": "cross-site"}
        done = outside.post(address, data={"List-Unsubscribe": "One-Click"}, headers=click)
        assert "do not come any more" in done.text
        assert outside.post("/u/0123456789012345678901", headers=click).status_code == 404
        assert outside.get("/u/0123456789012345678901").status_code == 404
    assert wishes(front, "claire").rhythm is Rhythm.NEVER


@pytest.mark.parametrize(("what", "state"), [("", "queued"), ("withdraw", "cancelled")])
def test_an_administrator_decides_on_what_comes_late_all_at_once(front: Front, what: str, state: str) -> None:
    engine, now = front.house.record.engine, front.house.clock.now()
    held = NewMessage(
        person_id="claire",
        address="claire@mission.example",
        kind="action",
        language="en",
        message_id=f"{state}@desk.example",
        sender="desk@desk.example",
        state=MessageState.HELD,
    )
    outbox.enqueue(engine, held, mail="duty_reminder", now=now)
    before = undelivered.counts(engine).messages.get(state, 0)
    with front.client("li") as client:
        page = client.get("/undelivered").text
        assert "comes late with many others" in page
        form = form_to(page, "/undelivered/held")
        client.post("/undelivered/held", data={**form, "what": what})
        assert "comes late with many others" not in client.get("/undelivered").text
    assert undelivered.counts(engine).messages.get(state, 0) == before + 1


def _at_portal(front: Front) -> str:
    directory = front.house.directory
    directory.change(replace(directory.person("marie"), audience=Audience.PORTAL))
    return "marie"


def _same(front: Front) -> dict[str, str]:
    return {"origin": front.address}
