"""What holds on every page: nobody is kept out of it, it fits a telephone, it is light, and keys are enough for it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, sync_playwright

from desk.rendering import make_renderer
from tests.desk import every_page
from tests.desk import house as houses
from tests.desk.every_page import Found
from tests.desk.house import Front

View = tuple[int, Literal["light", "dark"], object]
WIDE, NARROW = 1280, 320
KILOBYTE = 1024
PAGE, FIRST_VISIT, STYLE, SCRIPT = 14 * KILOBYTE, 20 * KILOBYTE, 6 * KILOBYTE, 2 * KILOBYTE
# What only a person can judge, such as the contrast of words on a picture, axe calls incomplete and not a violation.
_EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What a page is built of is alike in every light; these ask how it looks.
_LOOKS = {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}
_LOOK = """rules => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(found => found.violations.map(
    one => one.id + ": " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join("; ")))"""
_VIEWS: tuple[View, ...] = (
    (WIDE, "light", _EVERYTHING),
    (WIDE, "dark", _LOOKS),
    (NARROW, "dark", _EVERYTHING),
    (NARROW, "light", _LOOKS),
)
_IN_LANGUAGE = {"en": _VIEWS, "ar": _VIEWS[::3]}
_MOST_STOPS_OF_A_FIELD = 7
# Fewer would mean that something keeps people away from what is looked at here.
_KINDS = 50
# Whoever changes a process has the whole of its text before them.
_HOLDS_A_DEFINITION = "/processes/change"
# A hash of every mail is most of it, no hash can be made smaller, and it is meant for paper.
_HOLDS_HASHES = "/print/service"
_SIDEWAYS = "document.documentElement.scrollWidth"
# Numbers everything that keys must reach, in the order of the page; of radio buttons with one name they reach one.
_NUMBER_STOPS = """() => {
    const stops = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]';
    const first = radio => [...document.getElementsByName(radio.name)].find(one => one.checked)
        ?? document.getElementsByName(radio.name)[0];
    return [...document.querySelectorAll(stops)]
        .filter(one => !one.disabled && one.checkVisibility({ contentVisibilityAuto: true }))
        .filter(one => one.type !== 'radio' || one === first(one))
        .map((one, place) => (one.dataset.place = String(place)));
}"""
# Notes where keys come to, and whether that is marked; a field for a date has several stops, and is come to once.
_NOTE_STOPS = """() => {
    window.reached = [];
    addEventListener('focusin', () => {
        const one = document.activeElement, look = getComputedStyle(one);
        const marked = look.outlineStyle !== 'none' || look.boxShadow !== 'none';
        window.reached.push((one.dataset.place ?? one.tagName) + (marked ? '' : ' without a mark'));
    });
}"""


@dataclass(frozen=True, slots=True)
class Visitors:
    """One browser, in which everybody has one tab that stays open."""

    front: Front
    tabs: Mapping[str, Page]

    def open(self, found: Found) -> Page:
        """Open a page as whoever came to it."""
        page = self.tabs[found.who]
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.emulate_media(color_scheme="light")
        page.goto(self.front.address + found.address)
        return page


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    """Yield a desk with the demonstration cases."""
    house = every_page.demonstration(tmp_path_factory.mktemp("demonstration"))
    with houses.serving(house) as front:
        yield front
    house.record.engine.dispose()


@pytest.fixture(scope="module")
def pages(front: Front) -> tuple[Found, ...]:
    """Return every page that anybody came to."""
    return (*every_page.doors(front), *(page for who in every_page.WHO for page in every_page.walk(front, who)))


@pytest.fixture(scope="module")
def one_of_each(pages: tuple[Found, ...]) -> tuple[Found, ...]:
    """Return the heaviest page of each kind."""
    return tuple({page.kind: page for page in sorted(pages, key=lambda one: len(one.text))}.values())


@pytest.fixture(scope="module")
def visitors(front: Front, chromium: str) -> Iterator[Visitors]:
    """Yield the system's own Chromium, without a window, where everybody is signed in."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tabs = {who: browser.new_context().new_page() for who in (every_page.NOBODY, *every_page.WHO)}
        for who in every_page.WHO:
            tabs[who].context.add_cookies(
                [{"name": front.house.cookie(who), "value": front.house.session(who), "url": front.address}]
            )
        yield Visitors(front, tabs)
        browser.close()


def test_people_come_to_all_kinds_of_pages(one_of_each: tuple[Found, ...]) -> None:
    assert len(one_of_each) > _KINDS


def test_no_link_leads_nowhere(pages: tuple[Found, ...]) -> None:
    wrong = [(page.who, page.address, page.status) for page in pages if page.status != HTTPStatus.OK]
    assert wrong == [(every_page.NOBODY, every_page.NOWHERE, HTTPStatus.NOT_FOUND)]


def test_every_page_fits_into_the_first_packets_of_a_weak_line(pages: tuple[Found, ...]) -> None:
    weighed = (page for page in pages if page.kind != _HOLDS_A_DEFINITION and _HOLDS_HASHES not in page.address)
    weights = {page.address: weight(page.text.encode()) for page in weighed}
    heavy = {address: size for address, size in weights.items() if size > PAGE}
    assert not heavy


def test_a_first_visit_is_light(pages: tuple[Found, ...]) -> None:
    files = [asset for name, asset in make_renderer().assets.items() if not name.startswith("print.")]
    loaded = sum(weight(one.content) for one in files)
    (home,) = [page for page in pages if page.address == "/" and page.who == every_page.WHO[0]]
    assert weight(home.text.encode()) + loaded <= FIRST_VISIT
    for name, limit in ((".css", STYLE), (".js", SCRIPT)):
        sizes = {key: weight(one.content) for key, one in make_renderer().assets.items() if key.endswith(name)}
        assert sum(size for key, size in sizes.items() if not key.startswith("print.")) <= limit, sizes


@pytest.mark.vnu
def test_every_page_is_valid_html(pages: tuple[Found, ...], tmp_path: Path) -> None:
    for number, page in enumerate(pages):
        (tmp_path / f"{number}.html").write_text(page.text)
    command = ["java", "-jar", os.environ["VNU_JAR"], "--format", "json", "--exit-zero-always", "--skip-non-html"]
    told = subprocess.run([*command, str(tmp_path)], check=True, capture_output=True, text=True).stderr
    wrong = [one for one in json.loads(told)["messages"] if one["type"] == "error"]
    places = {pages[int(Path(one["url"]).stem)].address: f"{one['message']} {one.get('extract', '')}" for one in wrong}
    assert not places, json.dumps(places, indent=1)


@pytest.mark.browser
@pytest.mark.parametrize("language", _IN_LANGUAGE)
def test_nobody_is_kept_out_of_a_page(visitors: Visitors, one_of_each: tuple[Found, ...], language: str) -> None:
    every_page.all_speak(visitors.front.house, language)
    wrong = [
        f"{found.address} {where}"
        for found in one_of_each
        for where in kept_out(visitors.open(found), _IN_LANGUAGE[language])
    ]
    every_page.all_speak(visitors.front.house, "en")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_keys_reach_everything_in_the_order_of_the_page(visitors: Visitors, one_of_each: tuple[Found, ...]) -> None:
    wrong = []
    for found in one_of_each:
        page = visitors.open(found)
        wanted = page.evaluate(_NUMBER_STOPS)
        if (reached := reached_by_keys(page, wanted)) != wanted:
            wrong.append(f"{found.address}: {reached} for {wanted}")
    assert not wrong, "\n".join(wrong)


def weight(content: bytes) -> int:
    """Return how many bytes travel."""
    return len(gzip.compress(content, compresslevel=6))


def kept_out(page: Page, views: Iterable[View]) -> Iterator[str]:
    """Yield what is wrong with an open page in these widths and lights."""
    page.evaluate(AXE_SCRIPT)
    for width, light, rules in views:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=light)
        if page.evaluate(_SIDEWAYS) > width:
            yield f"at {width} px: scrolls sideways"
        yield from (f"at {width} px, {light}: {one}" for one in page.evaluate(_LOOK, rules))


def reached_by_keys(page: Page, wanted: list[str]) -> list[str]:
    """Press the key that goes on until the last stop is reached, and return every stop on the way."""
    page.evaluate(_NOTE_STOPS)
    reached: list[str] = []
    for _ in range(_MOST_STOPS_OF_A_FIELD):
        for _ in wanted[len(reached) :]:
            page.keyboard.down("Tab")
        reached = page.evaluate("window.reached")
    return reached
