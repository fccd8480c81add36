"""A house in which somebody is asked for a decision by mail, and the mails that went out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

import httpx

from cases import personal_codes, queries
from notifications import mailroom
from notifications.transport import MemoryTransport
from states.items import Proposal
from tests.desk.house import Front, House, form_of, serving

SCREENING = "D-2026-0002"
ASKED = "stranger"
"""Who is asked: Sam Stranger, of the joint committee."""
WRONG = "1111 2222 3333 4444"
_LINK = re.compile(r"https?://\S+/t/(\S+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A case that its convener wants refused, which Sam must agree to; `token` is that of the link in Sam's mail."""

    front: Front
    case_id: str
    item_id: str
    token: str

    @property
    def house(self) -> House:
        """The house."""
        return self.front.house

    @property
    def link(self) -> str:
        """Where the link in the mail leads."""
        return f"/t/{self.token}"

    @property
    def page(self) -> str:
        """Where the decision is made."""
        return f"/decide/{self.case_id}/{self.item_id}"

    def code(self) -> str:
        """Make a new personal code for who is asked."""
        return personal_codes.make(self.house.record.engine, ASKED, now=self.house.clock.now())

    def proven(self, client: httpx.Client) -> dict[str, str]:
        """Let a client in by the link and a code; return the hidden fields of the form."""
        assert client.post(self.link, data={"code": self.code()}).status_code == 303
        return fields_of(client.get(self.page).text)

    @property
    def state(self) -> str:
        """How the proposal stands."""
        return proposal_of(self.house, self.case_id).state


@contextmanager
def asking(house: House, number: str = SCREENING) -> Iterator[Asking]:
    """Serve a house in which Sam was just asked."""
    delivered(house)
    house.act("claire", number_to_id(house, number), "refuse", reason="filed before", other_door="The court of wells")
    case_id = number_to_id(house, number)
    [token] = [token for mail in delivered(house) for token in links_in(mail) if mail["to"].startswith(ASKED)]
    with serving(house) as front:
        yield Asking(front=front, case_id=case_id, item_id=proposal_of(house, case_id).id, token=token)


def number_to_id(house: House, number: str) -> str:
    """Find the id of a case."""
    return queries.case_for(house.record, queries.Viewer(house.directory.actor("claire")), number)[1].id


def proposal_of(house: House, case_id: str) -> Proposal:
    """Find the newest proposal of a case."""
    viewer = queries.Viewer(house.directory.actor("claire"))
    return queries.case_for(house.record, viewer, case_id)[1].all(Proposal)[-1]


def delivered(house: House) -> list[EmailMessage]:
    """Let every mail go out, and return those that did; a browser's test has a loop of its own running already."""
    with ThreadPoolExecutor(1) as worker:
        return worker.submit(_delivered, house).result()


def _delivered(house: House) -> list[EmailMessage]:
    memory = MemoryTransport()
    room = mailroom.open_mailroom(house.record, house.settings, clock=house.clock)
    room = replace(room, transport=lambda: memory)
    while mailroom.deliver_due(room, owner="test") != mailroom.Counts():
        pass
    return [message_from_bytes(one.content, policy=policy.default) for one in memory.sent]


def links_in(mail: EmailMessage) -> list[str]:
    """Return the tokens of the links to decisions in the plain words of a mail."""
    body = mail.get_body(("plain",))
    return _LINK.findall(body.get_content()) if body else []


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the form in which a decision is made."""
    return form_of(page.partition('action="/decide/')[2].partition("</form>")[0].join(("<form>", "</form>")))
