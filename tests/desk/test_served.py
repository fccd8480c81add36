"""Proof of service at the desk, as a paper, over the API and as a file that checks itself."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from notifications import mailroom
from notifications.transport import Envelope, MemoryTransport, Outcome, Receipt
from tests.desk import house as houses
from tests.desk.house import SECRET_OF_A, Front, House

CASE, NUMBER = "D-2026-0002", "Market stall"
PAGE = f"/cases/{CASE}/service"
REPLY = "5.1.1 nobody here"


class AllButMarie(MemoryTransport):
    """Takes everything but what goes to Marie."""

    async def send(self, envelope: Envelope) -> Receipt:
        if envelope.recipient.startswith("marie"):
            return Receipt(Outcome.REFUSED, 550, REPLY)
        return await super().send(envelope)


def deliver(house: House) -> None:
    """Writes and sends what waits."""
    room = mailroom.open_mailroom(house.record, house.settings, clock=house.clock)
    mailroom.deliver_due(replace(room, transport=AllButMarie), owner="test")


@pytest.fixture
def served(house: House) -> Iterator[Front]:
    """Yields a desk whose mails were delivered two days ago."""
    deliver(house)
    house.clock.advance(days=2)
    with houses.serving(house) as front:
        yield front


def read(client: httpx.Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_who_runs_a_case_reads_all_of_it_and_a_party_only_since_when_the_other_side_was_served(served: Front) -> None:
    with served.client("claire") as client:
        page = read(client, PAGE)
        assert "Marie Keji" in page
        assert REPLY in page
        assert "SHA-256" in page
    with served.client("joseph") as client:
        own = read(client, PAGE)
        assert "Marie Keji" not in own
        assert REPLY not in own
        assert "not served" in own
        assert "Of the other sides you read" in own
    with served.client("stranger") as client:
        assert "Marie Keji" not in read(client, PAGE)
    with served.client("li") as client:
        assert client.get(PAGE).status_code == 404


def test_a_side_that_lacks_a_notice_is_told_on_the_case_the_desk_and_the_health_page(served: Front) -> None:
    with served.client("claire") as client:
        for address in (f"/cases/{CASE}", "/", PAGE):
            assert "reached another side" in read(client, address)
        assert client.get("/api/me/desk").json()["lacks"]
    with served.client("joseph") as client:
        for address in (f"/cases/{CASE}", "/", PAGE):
            assert "reached another side" not in read(client, address)
    with served.client("li") as client:
        page = read(client, "/health")
        assert "Notices that one side lacks" in page
        assert NUMBER not in page


def unpacked(client: httpx.Client) -> dict[str, bytes]:
    answer = client.get(f"{PAGE}.zip")
    assert answer.status_code == 200
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_file_checks_itself_and_holds_the_mails_that_are_for_its_reader(served: Front) -> None:
    with served.client("claire") as client:
        files = unpacked(client)
        assert files == unpacked(client)
    lines = (line.split("  ") for line in files["SHA256SUMS"].decode().splitlines())
    sums = {name: digest for digest, name in lines}
    del files["SHA256SUMS"]
    assert sums == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    proof = json.loads(files["proof.json"])
    hashes = {str(one["message"]): one["sha256"] for notice in proof["notices"] for one in notice["addressees"]}
    mails = {name: content for name, content in files.items() if name.endswith(".eml")}
    assert all(hashes[name[6:-4]] == hashlib.sha256(content).hexdigest() for name, content in mails.items())
    assert SECRET_OF_A.encode() not in b"".join(files.values())
    with served.client("joseph") as client:
        own = unpacked(client)
    assert mails.keys() != {name for name in own if name.endswith(".eml")}
    assert b"marie@" not in b"".join(own.values())


def test_programs_read_the_same_and_it_prints(served: Front) -> None:
    with served.client("claire") as client:
        found: dict[str, Any] = client.get(f"/api/cases/{CASE}/service").json()
        assert client.get(f"/api/cases/{CASE}/service/file").content == client.get(f"{PAGE}.zip").content
        paper = read(client, f"/cases/{CASE}/print/service?zone=shared&zone=team")
    people = {one["name"] for notice in found["notices"] for one in notice["addressees"]}
    assert {"Joseph Lado", "Marie Keji"} <= people
    assert any("reached another side" in one for one in found["lacks"])
    assert "Marie Keji" in paper


def test_a_mail_tells_its_reader_and_the_team_where_each_line_is_from_and_keepers_no_case(served: Front) -> None:
    with served.client("claire") as client:
        found: dict[str, Any] = client.get(f"/api/cases/{CASE}/service").json()
        addressees = [one for notice in found["notices"] for one in notice["addressees"]]
        mine = next(one["message"] for one in addressees if one["name"] == "Joseph Lado")
        lost = next(one["message"] for one in addressees if one["name"] == "Marie Keji")
        assert "Why this mail came, and where each line is from" in read(client, f"/mails/{mine}")
        told = client.get(f"/api/messages/{mine}").json()["why"]
    assert told["role"] == "representative"
    assert {source["zone"] for line in told["lines"] for source in line["sources"]} <= {"", "shared"}
    with served.client("joseph") as client:
        page = read(client, f"/mails/{mine}")
        assert "Shared with all parties" in page
        assert "part in the case “Representative”" in page
    with served.client("li") as client:
        page = read(client, f"/undelivered/{lost}")
        assert "something on file" in page or "an act" in page
        assert NUMBER not in page
        assert "D-2026" not in page
        assert client.get("/undelivered/999999").status_code == 404
        assert client.get(f"/mails/{lost}").status_code == 404
