"""Mails as the page to check shows them: in the words that are then sent, and never more than its reader may read."""

from __future__ import annotations

import html
import re

from tests.desk.asking import delivered
from tests.desk.house import SECRET_OF_B, TEAM_SECRET, Front, form_of

SESSIONS = "D-2026-0001"
OFFER = {"text": "The herds drink first on Mondays.", "to": "everybody"}
_OWN_LINK = re.compile(r"/t/[\w…-]+")


def previews(page: str) -> list[tuple[str, str]]:
    """Read the subject and the text of each mail on a page to check."""
    found = re.findall(
        r"<summary lang=[^>]*>([^<]*)</summary><p class=\"words letter\"[^>]*>(.*?)</p>", page, re.DOTALL
    )
    return [(html.unescape(subject), html.unescape(text)) for subject, text in found]


def sent(front: Front) -> set[tuple[str, str]]:
    """Let every mail go out that waits, and read it."""
    bodies = ((mail["subject"], mail.get_body(("plain",))) for mail in delivered(front.house))
    return {told(subject, body.get_content()) for subject, body in bodies if body is not None}


def told(subject: str, text: str) -> tuple[str, str]:
    """Leave out what is secret in a mail, and how its lines were wrapped."""
    return subject, " ".join(_OWN_LINK.sub("/t/", text).split())


def test_a_mail_reads_on_the_page_to_check_as_it_is_then_sent(front: Front) -> None:
    sent(front)
    address = f"/cases/{SESSIONS}/acts/make_offer"
    with front.client("joseph") as client:
        asked = form_of(client.get(f"{address}?whole=yes").text)
        page = client.post(f"{address}/check", data=asked | OFFER).text
        shown = {told(*one) for one in previews(page)}
        assert client.post(address, data=form_of(page)).status_code == 303
    assert shown
    assert shown == sent(front)


def test_nobody_reads_in_a_preview_what_only_its_reader_may(front: Front) -> None:
    address = f"/cases/{SESSIONS}/acts/make_offer"
    with front.client("joseph") as client:
        asked = form_of(client.get(f"{address}?whole=yes").text)
        page = client.post(f"{address}/check", data=asked | OFFER).text
    assert previews(page)
    assert not [secret for secret in (SECRET_OF_B, TEAM_SECRET) if secret in page]
