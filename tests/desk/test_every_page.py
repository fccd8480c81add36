"""What holds on every page: nobody is kept out of it, it fits a telephone, it is light, and keys are enough for it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from desk.rendering import make_renderer
from tests.desk import every_page
from tests.desk import house as houses
from tests.desk.every_page import Found
from tests.desk.house import Front

WIDE, NARROW = 1280, 320
KILOBYTE = 1024
PAGE, FIRST_VISIT, STYLE, SCRIPT = 14 * KILOBYTE, 20 * KILOBYTE, 6 * KILOBYTE, 2 * KILOBYTE
_LANGUAGES = ("en", "ar")
# What only a person can judge, such as the contrast of words on a picture, axe calls incomplete and not a violation.
_RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
_MOST_STOPS_OF_A_FIELD = 7
# Fewer would mean that something keeps people away from what is looked at here.
_KINDS = 50
# Whoever changes a process has the whole of its text before them.
_HOLDS_A_DEFINITION = "/processes/change"
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
_STOPPED_AT = """() => {
    const one = document.activeElement, look = getComputedStyle(one);
    const marked = look.outlineStyle !== 'none' || look.boxShadow !== 'none';
    return (one.dataset.place ?? one.tagName) + (marked ? '' : ' without a mark');
}"""


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
    return tuple(page for who in every_page.WHO for page in every_page.walk(front, who))


@pytest.fixture(scope="module")
def one_of_each(pages: tuple[Found, ...]) -> tuple[Found, ...]:
    """Return the heaviest page of each kind."""
    return tuple({page.kind: page for page in sorted(pages, key=lambda one: len(one.text))}.values())


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Yield the system's own Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def test_people_come_to_all_kinds_of_pages(one_of_each: tuple[Found, ...]) -> None:
    assert len(one_of_each) > _KINDS


def test_no_link_leads_nowhere(pages: tuple[Found, ...]) -> None:
    assert not [(page.who, page.address, page.status) for page in pages if page.status != HTTPStatus.OK]


def test_every_page_fits_into_the_first_packets_of_a_weak_line(pages: tuple[Found, ...]) -> None:
    weights = {page.address: weight(page.text.encode()) for page in pages if page.kind != _HOLDS_A_DEFINITION}
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
@pytest.mark.parametrize("language", _LANGUAGES)
def test_nobody_is_kept_out_of_a_page(
    browser: Browser, front: Front, one_of_each: tuple[Found, ...], language: str
) -> None:
    every_page.all_speak(front.house, language)
    wrong: list[str] = []
    for found in one_of_each:
        with_it = visit(browser, front, found)
        wrong += [f"{found.address} {where}" for where in kept_out(with_it)]
        with_it.context.close()
    every_page.all_speak(front.house, "en")
    assert not wrong, "\n".join(wrong)


@pytest.mark.browser
def test_keys_reach_everything_in_the_order_of_the_page(
    browser: Browser, front: Front, one_of_each: tuple[Found, ...]
) -> None:
    wrong = []
    for found in one_of_each:
        page = visit(browser, front, found)
        wanted, reached = page.evaluate(_NUMBER_STOPS), [""]
        for _ in range(_MOST_STOPS_OF_A_FIELD * len(wanted)):
            page.keyboard.press("Tab")
            place = page.evaluate(_STOPPED_AT)
            # A field for a date has several stops of its own, of which the first shows the mark of the whole.
            if place.partition(" ")[0] != reached[-1]:
                reached.append(place)
            if place == wanted[-1] or len(reached) > len(wanted):
                break
        if reached[1:] != wanted:
            wrong.append(f"{found.address}: {reached[1:]} for {wanted}")
        page.context.close()
    assert not wrong, "\n".join(wrong)


def weight(content: bytes) -> int:
    """Return how many bytes travel."""
    return len(gzip.compress(content, compresslevel=6))


def visit(browser: Browser, front: Front, found: Found) -> Page:
    """Open a page as whoever came to it."""
    context = browser.new_context(base_url=front.address, viewport={"width": WIDE, "height": 900})
    context.add_cookies(
        [{"name": front.house.cookie(found.who), "value": front.house.session(found.who), "url": front.address}]
    )
    page = context.new_page()
    page.goto(found.address)
    return page


def kept_out(page: Page) -> Iterator[str]:
    """Yield what is wrong with a page in any width and light."""
    for width in (WIDE, NARROW):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(_SIDEWAYS) > width:
            yield f"at {width} px: scrolls sideways"
        for light in ("light", "dark"):
            page.emulate_media(color_scheme=light)
            for one in Axe().run(page, options=_RULES).response["violations"]:
                places = "; ".join(node["html"][:120] for node in one["nodes"][:3])
                yield f"at {width} px, {light}: {one['id']}: {places}"
