"""A tour of the whole API in a real desk: each operation asked once, and what was sent and answered kept as an example.

`python -m tests.desk.api_tour` writes the examples and the committed description anew.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import update

from cases import errands, tables
from cases.committees import Committee, Committees
from cases.errands import Workshop
from cases.people import Person
from cases.unit_of_work import unit_of_work
from desk.api import description
from desk.app import create_app
from states.events import ItemRecorded
from states.items import Agreement, Seat
from tests.cases.builders import happen
from tests.desk import arriving
from tests.desk import house as houses
from tests.desk.asking import ASKED, asking, delivered, number_to_id
from tests.desk.house import Front, House

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "desk" / "api" / "examples.json"
COMMITTED = ROOT / "docs" / "openapi.json"

CASE, SCREENING = "D-2026-0001", "D-2026-0002"
MOST_SHOWN, LONGEST_SHOWN = 2, 1000
_MADE_UP = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{10,64}(?![0-9A-Za-z])")
_SECRET = re.compile(r"(parley_|whsec_)[\w+/=-]{20,}")
_FIGURES = re.compile(r"\b\d{4}(?: \d{4})+\b")
_FEED = re.compile(r"[^\"]+/feeds/[\w-]{22}")
_MARK = re.compile(r"(after=)[\w.-]+")

Examples = dict[str, dict[str, Any]]


@dataclass(slots=True)
class Tour:
    """Asks one operation after the other, and keeps the first good answer of each."""

    front: Front
    operations: list[tuple[str, re.Pattern[str], str]]
    clients: dict[str, httpx.Client]
    seen: Examples = field(default_factory=dict)

    def ask(self, who: str, method: str, path: str, **sent: Any) -> Any:  # noqa: ANN401 - JSON of any shape
        """Ask as somebody; return the JSON of the answer, or nothing where it is none."""
        answer = self.clients[who].request(method, path, **sent)
        assert answer.is_success, (who, method, path, answer.status_code, answer.text)
        told = answer.json() if answer.headers.get("content-type") == "application/json" else None
        name = next(
            one for verb, pattern, one in self.operations if verb == method and pattern.fullmatch(answer.url.path)
        )
        kept = {"request": sent.get("json"), "answer": told}
        self.seen.setdefault(name, {key: value for key, value in kept.items() if value is not None})
        return told

    def set_mail(self, message_id: int, state: str) -> None:
        """Let a mail have fared in some way."""
        with unit_of_work(self.front.house.record.engine) as work:
            work.execute(update(tables.messages).where(tables.messages.c.id == message_id).values(state=state))

    def unfinish(self, move: int) -> None:
        """Let a move of cases have been interrupted."""
        kept = tables.process_migrations
        with unit_of_work(self.front.house.record.engine) as work:
            work.execute(update(kept).where(kept.c.id == move).values(ended_at=None))


def tour(front: Front) -> Examples:
    """Ask every operation once; return the examples by operation."""
    described = description.of(app_of(front.house))
    patterns = [
        (method, re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))), operation["operationId"])
        for method, path, operation in description.operations(described)
    ]
    # An address without holes is looked for before one that it would fit as well.
    patterns.sort(key=lambda one: one[1].pattern.count("[^/]+"))
    with ExitStack() as stack:
        front.house.directory.add(
            Person(id="helen", name="Helen Office", email="helen@office.example", offices=("head_of_office",))
        )
        people = ("claire", "nadia", "joseph", "marie", "li", "helen", ASKED)
        clients = {who: stack.enter_context(front.program(who)) for who in people}
        going = Tour(front, patterns, clients)
        for step in STEPS:
            step(going)
    return {name: plain(going.seen[name]) for name in sorted(going.seen)}


def _cases(going: Tour) -> None:
    notice = {
        "process": "dispute",
        "title": "Road works at the camp gate",
        "urgency": "U2",
        "parties": [
            {"id": "A", "name": "Herders association", "side": "initiating", "people": {"representative": ["joseph"]}},
            {"id": "B", "name": "Farmers council", "side": "responding", "people": {"representative": ["marie"]}},
        ],
        "roles": {"convener": ["claire"]},
        "issues": ["Who closes the gate at night?"],
    }
    going.ask("claire", "POST", "/api/cases/similar", json=notice)
    going.ask("claire", "POST", "/api/cases", json=notice)
    for path in ("", "/calendar", "/acts", "/board", "/collisions", "/preview", "/time"):
        going.ask("nadia", "GET", f"/api/cases/{CASE}{path}")
    for path in ("cases", "calendar", "collisions", "clauses", "processes"):
        going.ask("claire", "GET", f"/api/{path}", params={"limit": 2})


def _acts(going: Tour) -> None:
    noted = {"inputs": {"text": "Both sides trust the vet.", "zone": "team"}}
    shared = {"inputs": {"text": "Both sides trust the vet.", "zone": "shared"}}
    going.ask("claire", "POST", f"/api/cases/{SCREENING}/acts/add_note/check", json=shared)
    going.ask("claire", "POST", f"/api/cases/{SCREENING}/acts/add_note", json=noted)
    going.ask("nadia", "GET", f"/api/cases/{CASE}/papers/file")


def _decisions(going: Tour) -> None:
    items = going.ask("claire", "GET", f"/api/cases/{SCREENING}")["items"]
    asked = next(one for one in items if one["kind"] == "proposal")
    question = f"/api/cases/{SCREENING}/questions/{asked['id']}"
    going.ask(ASKED, "GET", question)
    going.ask(ASKED, "POST", f"{question}/not-mine", json={"reason": "I left the office in May; ask my successor."})


def _mails(going: Tour) -> None:
    going.ask("nadia", "GET", f"/api/cases/{CASE}/service")
    going.ask("nadia", "GET", f"/api/cases/{CASE}/service/file")
    [mail, *_] = going.ask("claire", "GET", "/api/messages", params={"case": SCREENING})["messages"]
    going.ask("claire", "GET", f"/api/messages/{mail['id']}")
    going.set_mail(mail["id"], "parked")
    going.ask("claire", "POST", f"/api/messages/{mail['id']}/retry")
    going.ask("claire", "POST", "/api/messages/retry", json={"case": SCREENING})
    going.set_mail(mail["id"], "sent")
    going.ask("claire", "POST", f"/api/messages/{mail['id']}/again")


def _files(going: Tour) -> None:
    sent = {"content": b"%PDF-1.4\n%%EOF\n", "params": {"name": "map.pdf"}}
    kept = going.ask("claire", "POST", f"/api/cases/{SCREENING}/files", **sent)
    inputs = {"shows": "Map of the wells", "file": kept["reference"], "zone": "shared"}
    going.ask("claire", "POST", f"/api/cases/{SCREENING}/acts/add_document", json={"inputs": inputs})
    items = going.ask("claire", "GET", f"/api/cases/{SCREENING}")["items"]
    document = next(one for one in items if one["kind"] == "document")
    going.ask("claire", "GET", f"/api/cases/{SCREENING}/documents/{document['id']}")


def _agreement(going: Tour) -> None:
    going.ask("nadia", "GET", f"/api/cases/{CASE}/versions")
    going.ask("nadia", "GET", f"/api/cases/{CASE}/versions/1/2")


def _people(going: Tour) -> None:
    going.ask("joseph", "POST", "/api/people/me/absences", json={"since": "2026-12-01", "until": "2026-12-09"})
    going.ask("joseph", "POST", "/api/people/me/return", params={"on": "2026-12-05"})
    named = {"deputy": "peter", "since": "2026-12-01", "until": "2026-12-09", "scope": ["T3"]}
    deputy = going.ask("joseph", "POST", "/api/people/me/deputies", json=named)
    going.ask("joseph", "GET", "/api/people/me/presence")
    going.ask("joseph", "DELETE", f"/api/people/me/deputies/{deputy['id']}")
    serving = {"skills": ["process gap"], "languages": ["ar", "en"], "places": ["Upper Nile"]}
    going.ask("li", "PUT", "/api/neutrals/nadia", json=serving)
    going.ask("li", "GET", "/api/neutrals/nadia")
    going.ask("li", "GET", "/api/neutrals")
    going.ask("claire", "GET", f"/api/cases/{SCREENING}/shortlist")
    going.ask("li", "DELETE", "/api/neutrals/nadia")
    going.ask("li", "GET", "/api/committees")


def _search(going: Tour) -> None:
    going.ask("nadia", "GET", "/api/search", params={"q": "wells"})


def _notes(going: Tour) -> None:
    notebook = f"/api/cases/{CASE}/notebook"
    note = going.ask("nadia", "POST", notebook, json={"text": "Both sides trust the vet."})
    going.ask("nadia", "GET", notebook)
    changed = {"text": "Both sides trust the vet, and say so.", "version": note["version"]}
    going.ask("nadia", "PUT", f"/api/notebook/{note['id']}", json=changed)
    going.ask("nadia", "DELETE", f"/api/notebook/{note['id']}")
    going.ask("nadia", "DELETE", notebook)


def _incoming(going: Tour) -> None:
    came = arriving.arrive(going.front.house)
    incoming = f"/api/cases/{CASE}/incoming"
    answer = f"{incoming}/{came.answer}"
    going.ask("claire", "GET", incoming)
    going.ask("claire", "POST", f"{answer}/files/1/release")
    going.ask("claire", "GET", f"{answer}/files/1")
    going.ask("claire", "POST", f"{answer}/file", json={"zone": "team", "text": "They trust the vet."})
    told = {"note": "She comes on Friday.", "works_again": True}
    going.ask("claire", "POST", f"/api/cases/{CASE}/unreached/{came.call}", json=told)
    second = arriving.another(going.front.house)
    going.ask("claire", "POST", f"{incoming}/{second}/set-aside", json={"because": "They only say thank you."})


def _myself(going: Tour) -> None:
    until = (going.front.house.clock.now() + timedelta(days=30)).isoformat()
    wanted = {"name": "Weekly report", "scopes": ["cases:read"], "expires_at": until}
    made = going.ask("claire", "POST", "/api/me/tokens", json=wanted)
    for path in ("/api/me", "/api/me/desk", "/api/me/tokens"):
        going.ask("claire", "GET", path)
    going.ask("claire", "DELETE", f"/api/me/tokens/{made['id']}")


def _directory(going: Tour) -> None:
    entry = {"name": "Omar Office", "email": "omar@office.example", "organisation": "office", "timezone": "Africa/Juba"}
    made = going.ask("li", "POST", "/api/people", json=entry)
    one = f"/api/people/{made['id']}"
    going.ask("li", "GET", one)
    going.ask("li", "PUT", one, json={**entry, "telephone": "+211 912 000 000"})
    for act in ("code", "link", "end-sessions", "leave", "reinstate"):
        going.ask("li", "POST", f"{one}/{act}")
    going.ask("li", "GET", "/api/people")
    body = {"name": "Camp management", "timezone": "Africa/Juba", "calendar": "mission"}
    kept = going.ask("li", "POST", "/api/organisations", json=body)
    going.ask("li", "PUT", f"/api/organisations/{kept['id']}", json={**body, "kind": "agency"})
    going.ask("li", "GET", "/api/organisations")
    post = {"organisation": "office", "name": "duty officer", "people": ["amina"], "since": "2026-11-01"}
    going.ask("li", "PUT", "/api/posts", json=post)
    going.ask("li", "GET", "/api/posts")
    going.ask("li", "DELETE", "/api/posts", params={"organisation": "office", "name": "duty officer"})
    seating = {"name": "Joint committee East", "members": ["amina for Office", "simon for Council"], "chair": "amina"}
    going.ask("li", "PUT", "/api/committees/east", json={**seating, "quorum": 2})
    going.ask("li", "DELETE", "/api/committees/east")


def _oversight(going: Tour) -> None:
    going.ask("nadia", "GET", "/api/obligations", params={"state": "every"})
    going.ask("nadia", "GET", "/api/reports")
    going.ask("nadia", "GET", f"/api/cases/{CASE}/access")
    going.ask("nadia", "GET", f"/api/cases/{CASE}/pictures")


def _mine(going: Tour) -> None:
    view = going.ask("claire", "POST", "/api/me/views", json={"name": "Waits on me", "address": "/cases?waits_on=me"})
    going.ask("claire", "POST", f"/api/me/views/{view['id']}/start")
    going.ask("claire", "GET", "/api/me/views")
    going.ask("claire", "PUT", f"/api/me/views/{view['id']}", json={"name": "For me"})
    going.ask("claire", "DELETE", "/api/me/start")
    for method in ("POST", "GET", "DELETE"):
        going.ask("claire", method, "/api/me/feed")
    going.ask("claire", "DELETE", f"/api/me/views/{view['id']}")
    going.front.house.session("claire")
    [*_, newest] = going.ask("claire", "GET", "/api/me/sessions")["sessions"]
    going.ask("claire", "DELETE", f"/api/me/sessions/{newest['id']}")
    going.ask("claire", "DELETE", "/api/me/sessions")


def _bulk(going: Tour) -> None:
    until = (going.front.house.clock.now() + timedelta(days=1)).isoformat()
    inputs = {"reason": "The road is flooded.", "until": until}
    pause = "/api/bulk/acts/pause_for_safety"
    going.ask("claire", "POST", f"{pause}/check", json={"cases": [CASE, SCREENING], "inputs": inputs})
    chosen = [{"case": CASE}, {"case": SCREENING}]
    job = going.ask("claire", "POST", pause, json={"cases": chosen, "inputs": inputs})
    going.ask("claire", "GET", f"/api/me/jobs/{job['id']}")
    [mail, *_] = going.ask("claire", "GET", "/api/messages")["messages"]
    going.ask("claire", "POST", "/api/bulk/mails", json={"messages": [mail["id"]]})
    going.ask("li", "POST", "/api/undelivered/held/release")
    going.ask("li", "POST", "/api/undelivered/held/withdraw")
    wishes = going.ask("claire", "GET", "/api/me/mails")
    going.ask("claire", "PUT", "/api/me/mails", json={**wishes, "rhythm": "daily"})
    going.ask("li", "POST", "/api/search/index")
    export = going.ask("claire", "POST", "/api/bulk/export", json={"urgency": "U3", "opened_before": until})
    house = going.front.house
    errands.work_off(Workshop(record=house.record, service=house.service, directory=house.directory, worker="tour"))
    going.ask("claire", "GET", f"/api/me/jobs/{export['id']}/export")
    going.ask("claire", "GET", "/api/me/jobs")


def _emergencies(going: Tour) -> None:
    wanted = {"case": CASE, "room": "caucus:A", "reason": "Somebody is in danger.", "hours": 4}
    asked = [going.ask("li", "POST", "/api/emergencies", json=wanted) for _ in range(2)]
    first, second = (f"/api/emergencies/{one['case_id']}/{one['id']}" for one in asked)
    going.ask("li", "POST", f"{first}/refuse")
    going.ask("helen", "POST", f"{second}/agree")
    going.ask("helen", "GET", "/api/emergencies")
    going.ask("helen", "POST", f"{second}/end")


def _calendars(going: Tour) -> None:
    going.ask("li", "GET", "/api/working-calendars")
    text = going.ask("li", "GET", "/api/working-calendars/mission")["definition"]
    draft = {"definition": text.replace("own:", "own:\n    2026-11-19: Flood day", 1)}
    going.ask("li", "POST", "/api/working-calendars/check", json=draft)
    going.ask("li", "POST", "/api/working-calendars", json=draft)


def _upkeep(going: Tour) -> None:
    [mail, *_] = going.ask("claire", "GET", "/api/messages")["messages"]
    going.set_mail(mail["id"], "parked")
    going.ask("li", "GET", "/api/undelivered")
    going.ask("li", "POST", "/api/undelivered/retry", json={"messages": [mail["id"]]})
    [text, *_] = going.ask("li", "GET", "/api/mail-texts")["mails"]
    going.ask("li", "GET", f"/api/mail-texts/{text['name']}")
    going.ask("li", "POST", f"/api/mail-texts/{text['name']}/send")
    words = {"subject": "An offer waits", "first": "Please accept the offer, or reject it.", "changed": "By {{ due }}."}
    own = "/api/mail-texts/offer_made/wordings"
    going.ask("li", "POST", f"{own}/en/check", json={**words, "case": None})
    going.ask("li", "PUT", f"{own}/en", json={**words, "version": 0})
    going.ask("li", "GET", own)
    going.ask("li", "GET", "/api/retention")
    going.ask("li", "PUT", "/api/retention/looks", json={"days": 90})
    going.ask("li", "GET", "/api/audit")


def _processes(going: Tour) -> None:
    draft = {"definition": "extends: dispute\nprocess: dispute\nstages:\n  submitted: {label: Handed in}\n"}
    going.ask("li", "POST", "/api/processes/check", json=draft)
    [old] = going.ask("li", "GET", "/api/processes/dispute/versions")["versions"]
    new = going.ask("li", "POST", "/api/processes", json=draft)
    going.ask("li", "GET", f"/api/processes/dispute/versions/{new['hash'][:12]}")
    going.ask("li", "GET", "/api/processes/dispute/differences")
    wanted = {"process": "dispute", "to": new["hash"][:12], "since": old["hash"][:12], "reason": "A better name."}
    going.ask("li", "POST", "/api/process-moves/check", json=wanted)
    move = going.ask("li", "POST", "/api/process-moves", json=wanted)
    one = f"/api/process-moves/{move['number']}"
    going.unfinish(move["number"])
    going.ask("li", "POST", f"{one}/finish")
    going.ask("li", "GET", one)
    going.ask("li", "POST", f"{one}/revert", json={"reason": "It was too early."})
    going.ask("li", "GET", "/api/process-moves")
    going.ask("li", "POST", "/api/processes/dispute/use", json={"version": old["hash"][:12]})


def _webhooks(going: Tour) -> None:
    wanted = {"url": "https://reports.example.org/parley", "kinds": ["case.filed", "case.stage_entered"]}
    made = going.ask("claire", "POST", "/api/webhooks", json=wanted)
    since = {"since": (going.front.house.clock.now() - timedelta(days=1)).isoformat()}
    one = f"/api/webhooks/{made['id']}"
    going.ask("claire", "POST", f"{one}/trial")
    going.ask("claire", "POST", f"{one}/replay", json=since)
    [told, *_] = going.ask("claire", "GET", f"{one}/deliveries")["deliveries"]
    going.ask("claire", "POST", f"{one}/deliveries/{told['id']}/replay")
    going.ask("claire", "PUT", one, json={**wanted, "kinds": ["case.closed"]})
    for act in ("secret", "resume"):
        going.ask("claire", "POST", f"{one}/{act}")
    going.ask("claire", "GET", one)
    going.ask("claire", "GET", "/api/webhooks")
    going.ask("claire", "DELETE", one)


def _desk(going: Tour) -> None:
    going.ask("li", "GET", "/api/health")
    draft = "extends: dispute\nprocess: dispute\n"
    going.ask("li", "POST", "/api/processes/rehearse", json={"definition": draft})


STEPS: tuple[Callable[[Tour], None], ...] = (
    _agreement,
    _cases,
    _acts,
    _decisions,
    _files,
    _people,
    _search,
    _notes,
    _incoming,
    _mails,
    _directory,
    _oversight,
    _myself,
    _mine,
    _bulk,
    _emergencies,
    _calendars,
    _upkeep,
    _processes,
    _webhooks,
    _desk,
)


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Make an example short, and put made-up values in the place of those that are never twice the same."""
    told = json.dumps(_short(value), ensure_ascii=False)
    found = list(dict.fromkeys(_MADE_UP.findall(told)))
    for number, one in enumerate(found, 1):
        told = told.replace(one, f"{number:0{len(one)}x}")
    told = _SECRET.sub(lambda one: f"{one[1]}{'x' * 43}", told)
    told = _FIGURES.sub(lambda one: "1234 5678 9012 3456"[: len(one[0])], told)
    told = _FEED.sub(f"https://desk.example/feeds/{'x' * 22}", told)
    return json.loads(_MARK.sub(r"\1W10", told))


def _short(value: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    if isinstance(value, dict):
        return {name: _short(one) for name, one in value.items()}
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        return f"{value[:LONGEST_SHOWN]}…"
    return [_short(one) for one in value[:MOST_SHOWN]] if isinstance(value, list) else value


def app_of(house: House) -> Any:  # noqa: ANN401 - FastAPI's application
    """Build the desk of a house without serving it."""
    return create_app(house.record, house.service, house.directory, settings=house.settings, clock=house.clock)


def written(value: object) -> str:
    """Write JSON as it is committed."""
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=False) + "\n"


@contextmanager
def toured(house: House) -> Iterator[Front]:
    """Serve a house in which there is something for every operation to show."""
    seats = (Seat(person="amina", body="Office"), Seat(person="simon", body="Council"))
    Committees(house.record.engine).put(
        Committee(id="west", name="Joint committee West", seats=seats, chair="amina", quorum=2)
    )
    first = number_to_id(house, CASE)
    agreement = Agreement(
        id="text", zone="shared", by="nadia", at=house.clock.now(), state="drafting", text="At eight."
    )
    for text in ("The wells open at eight.", "The wells open at nine."):
        happen(house.record, first, ItemRecorded(replace(agreement, text=text)), by="nadia", at=house.clock.now())
    with asking(house) as question:
        delivered(house)
        yield question.front


def main() -> None:
    """Write the examples and the description anew."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        house = houses.house_on(path, now=houses.furnish(path))
        with toured(house) as front:
            EXAMPLES.write_text(written(tour(front)), encoding="utf-8")
        description.examples.cache_clear()
        COMMITTED.write_text(written(description.of(app_of(house))), encoding="utf-8")
        house.record.engine.dispose()


if __name__ == "__main__":
    main()
