"""The tutorial for newcomers, followed step by step in a browser: whatever it says stands on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from cases import timers
from config import scenarios
from tests.conftest import ROOT
from tests.desk import every_page
from tests.desk import house as houses
from tests.desk.house import Front

pytestmark = pytest.mark.browser

TUTORIAL = ROOT / "docs" / "first-ten-minutes.md"
_NAMED = re.compile(r"\*\*(.+?)\*\*|`(.+?)`", re.DOTALL)
CASE = "Night flights over the clinic"
QUESTION = (
    "Both sides want lights on a second approach. Please approve that each organisation pays half of the 4,000 dollars."
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who does what the tutorial says, and stumbles where its next words are others than expected."""

    page: Page
    words: Iterator[str]

    def reads(self, wanted: str) -> None:
        """Read the next words that stand out."""
        assert next(self.words, "the end") == wanted

    def signs_in(self, front: Front, who: str) -> None:
        """Open somebody's link in the same browser, whoever was signed in before."""
        self.page.goto(f"/sign-in/{front.house.link(who)}")
        self.presses("Sign in")

    def sees(self, wanted: str) -> None:
        """See words on the page."""
        self.reads(wanted)
        expect(self.page.get_by_text(wanted).first).to_be_visible()

    def follows(self, link: str) -> None:
        """Follow a link."""
        self.reads(link)
        self._goes_by(self.page.get_by_role("link", name=link, exact=True))

    def presses(self, button: str) -> None:
        """Press a button."""
        self.reads(button)
        self._goes_by(self.page.get_by_role("button", name=button, exact=True))

    def ticks(self, choice: str) -> None:
        """Choose one of several answers."""
        self.reads(choice)
        self.page.get_by_role("radio", name=choice).first.check()

    def types(self, label: str, text: str) -> None:
        """Fill in a field, or choose from its list."""
        self.reads(label)
        self.reads(text)
        field = self.page.get_by_label(label, exact=True)
        if field.evaluate("one => one.localName") == "select":
            field.select_option(label=text)
        else:
            field.fill(text)

    def _goes_by(self, wanted: Locator) -> None:
        with self.page.expect_navigation():
            wanted.first.click()


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Yield a desk with the case that the demonstration leaves to newcomers."""
    house = every_page.demonstration(tmp_path_factory.mktemp("first-steps"), scenarios.FIRST_STEPS)
    with houses.serving(house) as front:
        yield front
    house.record.engine.dispose()


@pytest.fixture
def reader(front: Front, chromium: str) -> Iterator[Reader]:
    """Yield somebody who has the tutorial before them, and one browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield Reader(browser.new_page(base_url=front.address), words_of(TUTORIAL))
        browser.close()


def words_of(tutorial: Path) -> Iterator[str]:
    """Yield what stands out in the steps of the tutorial, from the first to the last of them."""
    steps = tutorial.read_text(encoding="utf-8").partition("\n## 1.")[2].partition("\n## Where")[0]
    return (" ".join((bold or code).split()) for bold, code in _NAMED.findall(steps))


def test_a_stranger_opens_a_case_holds_a_session_accepts_an_offer_and_approves(reader: Reader, front: Front) -> None:
    open_a_case(reader, front)
    hold_a_session(reader, front)
    accept_an_offer(reader, front)
    approve_what_was_asked(reader, front)
    assert list(reader.words) == []


def open_a_case(reader: Reader, front: Front) -> None:
    """Follow the first part."""
    reader.signs_in(front, "demo_convener")
    reader.sees("My desk")
    for link in ("Cases", "Open a case", "Dispute between partner organisations"):
        reader.follows(link)
    reader.types("What the dispute is about, in a line", "Water for the kitchen")
    reader.types("Questions in dispute, one a line", "Who fills the tank on Fridays?")
    reader.types("Initiating party", "Blue River Clinic")
    reader.types("Initiating party: Representative", "Lena Fischer")
    reader.types("Responding party", "Air support unit")
    reader.types("Responding party: Representative", "James Okello")
    reader.types("Convener (if you like)", "Robin Achieng")
    reader.presses("Check before it is opened")
    reader.presses("Open the case")
    reader.follows("Submit the notice")
    reader.presses("Submit the notice")
    timers.fire_due_timers(front.house.service, owner="clockwork")
    reader.page.reload()
    reader.sees("Screening")


def hold_a_session(reader: Reader, front: Front) -> None:
    """Follow the second part."""
    reader.signs_in(front, "first_miriam")
    reader.follows(CASE)
    reader.follows("Open a planned session")
    reader.ticks("Which nights are the worst, and what the wounded need")
    reader.presses("Check before it is done")
    reader.presses("Open a planned session")
    reader.follows("Close the session")
    reader.presses("Continue")
    reader.types("Minutes", "Friday is the worst night.")
    reader.presses("Continue")
    reader.types("Present (if you like)", "Lena Fischer")
    reader.presses("Continue")
    reader.presses("Continue")
    reader.presses("Close the session")
    reader.sees("Recorded: Close the session.")


def accept_an_offer(reader: Reader, front: Front) -> None:
    """Follow the third part."""
    reader.signs_in(front, "first_lena")
    reader.follows(CASE)
    reader.follows("Accept an offer")
    reader.ticks("No aircraft over the clinic between 20:00 and 6:00, except to carry the wounded.")
    reader.presses("Check before it is done")
    reader.sees("The case moves from “Sessions” to “Drafting”.")
    reader.presses("Accept an offer")


def approve_what_was_asked(reader: Reader, front: Front) -> None:
    """Follow the last part."""
    for who in ("first_abera", "first_priya"):
        reader.signs_in(front, who)
        reader.sees("Decisions asked of me")
        reader.follows(QUESTION)
        reader.ticks("Approve what is asked")
        reader.presses("Record my decision")
        reader.sees("Your decision is recorded")
    reader.follows("Open the case")
    expect(reader.page.locator(".tag", has_text="Asked of")).to_have_count(0)
    for who in ("Abera Tadesse, Senior representative", "Priya Nair, Senior representative"):
        expect(reader.page.locator("#entries .meta", has_text=who).first).to_be_visible()
