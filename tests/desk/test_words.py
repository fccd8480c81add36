"""Every page can be told in any language: nothing stands on one that is not told, written by people, or a name."""

from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

import httpx
import pytest
from babel import Locale
from babel.messages import pofile

from desk.words import sentence
from notifications import catalogues, tongues
from tests import pseudo
from tests.desk import house as houses
from tests.desk import portal
from tests.desk.asking import asking
from tests.desk.house import Front, House, form_of, serving

ROOTS = ("/", "/cases", "/calendar", "/mails", "/me/absence", "/cases/new?process=dispute", "/nothing-here")
SIGNING_IN = ("/", "/sign-in", "/sign-in/by-mail", "/sign-in/not-a-link", "/nothing-here", "/p/", "/p/sign-in")
ENDS = ("/p/exit", "/p/leave")
"""Where the way out of a visit leads."""
MOST_PAGES = 260
WHO_SEES_FORMS = frozenset({"claire", "joseph"})
SLOW = 60
_ADDRESS = re.compile(r'(?:href|src)="(/[^"#]*)')
_OPAQUE = re.compile(r"[0-9a-f]{16,}")
_EN = Locale.parse("en_GB")
# What was told and then cut to the room there is, in a picture or a line.
_IN_ANOTHER = re.compile(' lang="[^"]*"')
_PICTURE = re.compile("<svg.*?</svg>", re.DOTALL)
_JOINED = re.compile("\0(?:(?:,|,? and|,? or)? *\0)*")
_CUT = re.compile("⟦[^⟦⟧<>]*…")
# What is written by Babel, whose words are those of each language by themselves.
_TIMES = re.compile(
    r"\b(?:(?:in )?\d+ (?:second|minute|hour|day|week|month|year)s?(?: ago)?|"
    + "|".join(
        name
        for names in (_EN.days, _EN.months)
        for width in ("wide", "abbreviated")
        for name in names["format"][width].values()
    )
    + r")\b"
)
# What reads alike in every language: numbers of cases, tiers, urgency, offsets, hashes, addresses, names for programs.
_SIGNS = re.compile(
    r"\b(?:[A-Z]-\d{4}-\d{4}|case\.[a-z_]+|[TUQ]\d|UTC[+-]?[\d:]*|[0-9a-f]{8,}|\d+T\d+|\S+@\S+|PDF|CSV|SVG|ICS|API)\b"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What people wrote in a house, and the names in it: what finds them, and all of them in one text."""

    finds: re.Pattern[str]
    everything: str

    def without(self, text: str) -> str:
        """Take out of a text what is known, with the word that joins the last of several."""
        return _JOINED.sub(" ", self.finds.sub("\0", text))


def written_by_people(house: House) -> Known:
    """Returns what is known to stand in a house: its names, what its people wrote, and names of days off."""
    told = ast.walk(ast.parse(Path(houses.__file__).read_text(encoding="utf-8")))
    words = {one.value.strip() for one in told if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    found = {one for one in words if one[:1].isupper() or " " in one}
    found |= {person.name for person in house.directory.everyone()}
    found |= {f"Head of {party.name}" for party in houses.PARTIES} | {*house.record.registry.names()}
    found |= {name for one in house.record.calendars.values() for name in one.holidays.values()}
    found |= {sentence(name.replace("_", " ")) for name in house.record.calendars}
    found |= {"Parley", "Juba", house.settings.mail_from_name, *_EN.languages.values()}
    longest_first = sorted(found, key=len, reverse=True)
    finds = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")
    return Known(finds, " ".join(longest_first))


def untold(page: str, known: Known) -> set[str]:
    """Returns what stands on a page, in the pseudo-language, that was neither told nor written by people."""
    told = _IN_ANOTHER.sub(' translate="no"', _CUT.sub("⟦⟧", page.replace(' dir="auto"', "")))
    # A picture breaks what people wrote into lines.
    drawn = [one for one in pseudo.untranslated("".join(_PICTURE.findall(told))) if one not in known.everything]
    rest = (_without_signs(known.without(one)) for one in (*drawn, *pseudo.untranslated(_PICTURE.sub("", told))))
    return {one for one in rest if any(map(str.isalpha, one))}


def _without_signs(text: str) -> str:
    return " ".join(_SIGNS.sub(" ", _TIMES.sub(" ", text)).split())


def walk(client: httpx.Client, *roots: str, forms: bool) -> Iterator[tuple[str, str]]:
    """Yields each page that links lead to, with its address; every kind of page once for each case."""
    left, seen = list(roots), set[str]()
    while left and len(seen) < MOST_PAGES:
        address = left.pop(0)
        kind = _OPAQUE.sub("…", address.partition("?")[0])
        if kind in seen or kind.startswith(("/static", "/api", *ENDS)) or ("/acts/" in kind and not forms):
            continue
        seen.add(kind)
        whole = f"{kind}?whole=yes" if "/acts/" in kind else address
        answer = client.get(whole, timeout=SLOW)
        content = answer.headers.get("content-type", "")
        if content.startswith("text/csv"):
            yield address, page_of(answer.text)
        if content.startswith(("text/html", "image/svg")):
            yield address, answer.text
            left += map(unescape, _ADDRESS.findall(answer.text))
            if "/acts/" in kind and answer.status_code == httpx.codes.OK:
                yield f"{kind}/check", client.post(f"{kind}/check", data=form_of(answer.text), timeout=SLOW).text


def page_of(table: str) -> str:
    """Returns the cells of a file for spreadsheets as a page has them."""
    rows = csv.reader(io.StringIO(table.removeprefix("\ufeff")))
    return "".join(f"<td>{escape(cell)}</td>" for row in rows for cell in row)


class Listed(tongues.Pseudo):
    """The pseudo-language of somebody who translated every sentence on the lists for translators, and no other."""

    def __init__(self) -> None:
        """Read the lists."""
        super().__init__()
        lists = [pofile.read_po(io.StringIO(catalogues.template(room))) for room in tongues.ROOMS]
        found = (message.id for one in lists for message in one)
        self.sentences = {one for ids in found for one in ((ids,) if isinstance(ids, str) else ids)}

    def gettext(self, message: str) -> str:
        return super().gettext(message) if message in self.sentences else message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return super().ngettext(msgid1, msgid2, n) if msgid1 in self.sentences else msgid1


@pytest.fixture(scope="module", autouse=True)
def translated() -> Iterator[None]:
    """Has every sentence told that translators are given, and no other."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tongues, "Pseudo", Listed)
        tongues.tongue.cache_clear()
        yield
    tongues.tongue.cache_clear()


def speak_it(house: House) -> None:
    """Lets everybody in a house read the language that nobody speaks."""
    for person in house.directory.everyone():
        house.speak(person.id, tongues.PSEUDO)


@pytest.mark.parametrize("who", ["claire", "nadia", "joseph", "stranger", "li"])
def test_nothing_on_a_page_is_left_in_english(front: Front, who: str) -> None:
    speak_it(front.house)
    known, found = written_by_people(front.house), dict[str, str]()
    with front.client(who) as client:
        for address, page in walk(client, *ROOTS, forms=who in WHO_SEES_FORMS):
            found |= dict.fromkeys(untold(page, known), address)
    assert found == {}


def test_nothing_is_left_in_english_for_whoever_decides_by_a_link(house: House) -> None:
    speak_it(house)
    known, pages = written_by_people(house), dict[str, str]()
    with asking(house) as question, question.front.client() as client:
        pages["the link"] = client.get(question.link).text
        pages["a wrong code"] = client.post(question.link, data={"code": "1"}).text
        fields = question.proven(client)
        pages["the question"] = client.get(question.page).text
        pages["no choice"] = client.post(question.page, data=fields).text
        pages["the receipt"] = client.post(question.page, data={**fields, "choice": "agree"}).text
    assert {name: left for name, page in pages.items() if (left := untold(page, known))} == {}


def test_nothing_at_the_portal_is_left_in_english(front: Front) -> None:
    speak_it(front.house)
    known, found = written_by_people(front.house), dict[str, str]()
    with portal.client(front, "marie") as inside:
        read_back = portal.read_back(inside, "accept_offer").text
        for address, page in walk(inside, "/p/", portal.CASE, portal.answer_page(inside), forms=True):
            found |= dict.fromkeys(untold(page, known), address)
    assert found == {}
    assert untold(read_back, known) == set()


def test_nothing_is_left_in_english_for_whoever_signs_in(front: Front, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tongues, "LANGUAGES", (*tongues.LANGUAGES, tongues.PSEUDO))
    known, asks = written_by_people(front.house), {"accept-language": tongues.PSEUDO}
    with front.client() as client:
        pages = {path: client.get(path, headers=asks, timeout=SLOW).text for path in SIGNING_IN}
        pages["a wrong password"] = client.post(
            "/sign-in", data={"email": "li@office.example", "password": "no"}, headers=asks, timeout=SLOW
        ).text
    assert {name: left for name, page in pages.items() if (left := untold(page, known))} == {}


def test_somebody_whom_nobody_knows_reads_the_language_their_browser_asks_for(front: Front) -> None:
    with front.client() as client:
        asked = client.get("/sign-in", headers={"accept-language": "de, ar-EG;q=0.8, en;q=0.5"}).text
        chosen = client.get("/sign-in?language=ar", headers={"accept-language": "en"}).text
        unknown = client.get("/sign-in?language=xx", headers={"accept-language": "de"}).text
    assert ['<html lang="ar" dir="rtl">' in page for page in (asked, chosen, unknown)] == [True, True, False]


PAPERS = ("agreement", "file", "brief", "handover", "closure")


@pytest.mark.parametrize("kind", PAPERS)
def test_nothing_on_a_paper_is_left_in_english(front: Front, kind: str) -> None:
    speak_it(front.house)
    known = written_by_people(front.house)
    with front.client("claire") as client:
        page = client.get(f"/cases/D-2026-0001/print/{kind}").text
    assert untold(page, known) == set()


def test_the_test_finds_what_was_not_told(house: House) -> None:
    page = '<p title="⟦Tîtlé⟧">⟦Tîmés åré ⟦Juba tîmé⟧⟧ <b dir="auto">Claire Moreau</b></p><p>Next, in 3 days</p>'
    assert untold(page, written_by_people(house)) == {"Next,"}


def test_what_a_desk_serves_in_the_pseudo_language_is_longer(house: House) -> None:
    house.speak("li", tongues.PSEUDO)
    with serving(house) as front, front.client("li") as client:
        assert "⟦My désk~~" in client.get("/").text
