"""The main path of each role in a real browser, from the first page to the receipt.

Each role takes four of the eight ways to look at the desk (script off or on, 1280 or 320 px, English or Arabic), so
that every two values of different kinds meet once; every page on the way is looked at by `Walk.look`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.desk import portal
from tests.desk.asking import ASKED, asking
from tests.desk.house import Front, House

pytestmark = pytest.mark.browser

SESSIONS = "D-2026-0001"
WIDE, NARROW = 1280, 320
_STATUS = re.compile(r"Failed to load resource: the server responded with a status of (\d+) .*")
DECIDE = ".answers ~ .row button"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How somebody looks at the desk: with or without script, how wide, in which language."""

    script: bool
    width: int
    language: str

    @property
    def direction(self) -> str:
        """The direction in which pages of the language run."""
        return "rtl" if self.language == "ar" else "ltr"


WAYS = (
    Way(script=False, width=WIDE, language="en"),
    Way(script=False, width=NARROW, language="ar"),
    Way(script=True, width=WIDE, language="ar"),
    Way(script=True, width=NARROW, language="en"),
)


@dataclass(frozen=True, slots=True)
class Walk:
    """Somebody's way through the pages; what the browser complains about, such as something refused, is kept."""

    page: Page
    way: Way
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str, *, in_language: bool = True, status: int = HTTPStatus.OK) -> None:
        """Open a page by its address."""
        self.page.goto(path)
        self.look(in_language=in_language, status=status)

    def press(self, wanted: str, *, in_language: bool = True, status: int = HTTPStatus.OK) -> None:
        """Press a link or a button that leads to another page; the first one, where there are several."""
        with self.page.expect_navigation():
            self.page.locator(wanted).first.click()
        self.look(in_language=in_language, status=status)

    def look(self, *, in_language: bool, status: int) -> None:
        """See that the page fits the screen, runs in the right direction, and that the browser refuses nothing of it.

        A page that speaks to nobody in particular speaks the browser's language. Of a page that asks again (`status`)
        the browser notes just that.
        """
        page, where = self.page.locator("html"), self.page.url
        if in_language:
            assert page.get_attribute("lang") == self.way.language, where
            assert page.get_attribute("dir") == self.way.direction, where
        assert page.evaluate("page => page.scrollWidth") <= self.way.width, where
        assert self.page.locator("h1").count() == 1, where
        asked_again = status != HTTPStatus.OK
        assert [_STATUS.sub(r"\1", one) for one in self.complaints] == [str(status)] * asked_again, where
        self.complaints.clear()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Yield the system's own Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(params=WAYS, ids=lambda way: f"{'script' if way.script else 'plain'}-{way.width}-{way.language}")
def way(request: pytest.FixtureRequest) -> Way:
    """Return one way to look at the desk after the other."""
    chosen: Way = request.param
    return chosen


@contextmanager
def walking(browser: Browser, front: Front, way: Way) -> Iterator[Walk]:
    """Open a browser that nobody has used before."""
    context = browser.new_context(
        base_url=front.address, viewport={"width": way.width, "height": 800}, java_script_enabled=way.script
    )
    walk = Walk(context.new_page(), way)
    walk.page.on("console", lambda said: walk.complaints.extend([said.text] * (said.type in {"error", "warning"})))
    walk.page.on("pageerror", lambda error: walk.complaints.append(str(error)))
    yield walk
    context.close()


def sign_in(walk: Walk, house: House, who: str) -> None:
    """Sign in at the desk by a link; whose it is, its page does not tell."""
    walk.open(f"/sign-in/{house.link(who)}", in_language=False)
    walk.press("form[action^='/sign-in/'] button")


def test_a_mediator_opens_a_session_one_question_a_page(browser: Browser, front: Front, way: Way) -> None:
    front.house.speak("nadia", way.language)
    with walking(browser, front, way) as walk:
        sign_in(walk, front.house, "nadia")
        walk.press(f"main a[href='/cases/{SESSIONS}']")
        walk.press("a[href$='/acts/open_session']")
        walk.page.locator("[name=form][value=joint]").check()
        walk.press("button[name=asked][value=form]")
        walk.press("button[name=asked][value=with_party]")
        walk.page.locator("[name=agenda]").fill("Who repairs the pump?")
        walk.press("button[name=asked][value=agenda]")
        walk.press("button[name=asked]")
        mail = walk.page.locator("section[aria-labelledby=told] details").first
        expect(mail.locator(".letter")).to_be_hidden()
        mail.locator("summary").click()
        expect(mail.locator(".letter")).to_be_visible()
        walk.press("#deed button:not([formaction])")
        expect(walk.page).to_have_url(re.compile(rf"/cases/{SESSIONS}\?recorded="))
        expect(walk.page.get_by_role("status")).to_be_visible()
        walk.press("form[action='/sign-out'] button", in_language=False)


def test_a_senior_representative_decides_by_the_link_of_a_mail(browser: Browser, house: House, way: Way) -> None:
    house.speak(ASKED, way.language)
    with asking(house) as question, walking(browser, question.front, way) as walk:
        walk.open(question.link)
        walk.page.locator("#code").fill(question.code())
        walk.press("form[action^='/t/'] button")
        expect(walk.page).to_have_url(re.compile("/decide/[0-9a-f]+/[0-9a-f]+$"))
        assert [one.is_checked() for one in walk.page.get_by_role("radio").all()] == [False, False]
        walk.press(DECIDE, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        expect(walk.page.get_by_role("alert").get_by_role("link")).to_have_attribute("href", "#choice")
        walk.page.locator("[name=choice][value=agree]").check()
        walk.press(DECIDE)
        expect(walk.page).to_have_url(re.compile(r"\?recorded=yes$"))
        expect(walk.page.get_by_role("status")).to_be_visible()
        expect(walk.page.locator("[aria-labelledby=recorded] li")).to_have_count(1)


def test_somebody_of_a_party_answers_an_offer_at_the_portal(browser: Browser, front: Front, way: Way) -> None:
    portal.at_portal(front.house, "marie")
    portal.speaks(front.house, "marie", way.language)
    given = portal.papers(front.house, "marie")
    with walking(browser, front, way) as walk:
        walk.open("/p/", in_language=False, status=HTTPStatus.UNAUTHORIZED)
        walk.page.locator("#who").fill(given.reference)
        walk.page.locator("#code").fill(given.code)
        walk.press("main form:has(#code) button")
        walk.press(f"main a[href='{portal.CASE}']")
        walk.press(".now .btn")
        walk.page.locator("input[value=accept_offer]").check()
        walk.press("main form button")
        walk.press("main form button[class=btn]")
        expect(walk.page).to_have_url(re.compile(f"/p/cases/{SESSIONS}/receipts/[0-9]{{8}}$"))
        number = walk.page.locator("[role=status] .num")
        expect(number).to_have_text(re.compile("^[0-9]{4} [0-9]{4}$"))
        expect(number).to_have_css("direction", "ltr")


def test_an_administrator_looks_after_the_desk_and_adds_a_person(browser: Browser, front: Front, way: Way) -> None:
    front.house.speak("li", way.language)
    with walking(browser, front, way) as walk:
        sign_in(walk, front.house, "li")
        walk.press("header a[href='/administration']")
        walk.press("main a[href='/health']")
        walk.press(".crumbs a[href='/administration']")
        walk.press("main a[href='/people']")
        walk.press("main a[href='/people/new']")
        walk.page.locator("[name=name]").fill("Ruth Poni")
        walk.press("main form .btn", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        expect(walk.page.get_by_role("alert")).to_be_visible()
        expect(walk.page.locator("[name=name]")).to_have_value("Ruth Poni")
        walk.page.locator("[name=email]").fill("ruth@office.example")
        walk.page.locator("[name=language][value=fr]").check()
        walk.press("main form .btn")
        expect(walk.page.locator("h1")).to_have_text("Ruth Poni")
        expect(walk.page.get_by_role("status")).to_be_visible()
        walk.open("/calendars")
        walk.press("main a[href='/calendars/mission']")
        expect(walk.page.locator("h1")).to_contain_text("mission")
