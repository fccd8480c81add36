"""The desk in a real browser, beside the main paths: forms that are refused, narrow screens, right to left, keys."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.desk import portal
from tests.desk.house import Front

pytestmark = pytest.mark.browser

SESSIONS = "D-2026-0001"
SCREENING = "D-2026-0002"
NARROW = 320


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Yields the system's own Chromium, without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def open_page(browser: Browser, front: Front, who: str, *, width: int = 1280) -> Page:
    """Opens a page without JavaScript, signed in by the link as a person would."""
    context = browser.new_context(
        base_url=front.address, viewport={"width": width, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(f"/sign-in/{front.house.link(who)}")
    page.locator("form[action^='/sign-in/'] button").click()
    page.wait_for_url(f"{front.address}/")
    return page


def test_a_file_that_is_too_large_costs_nobody_their_words(browser: Browser, front: Front, tmp_path: Path) -> None:
    large = tmp_path / "large.csv"
    large.write_bytes(b"x" * 27_000_000)
    page = open_page(browser, front, "joseph")
    page.goto(f"/cases/{SCREENING}/acts/add_document?whole=yes")
    page.get_by_label("What it shows").fill("Who came when")
    page.get_by_label("File", exact=False).first.set_input_files(large)
    page.get_by_role("button", name="Check before it is done").click()
    expect(page.get_by_text("the file is larger than 25 MB").first).to_be_visible()
    expect(page.get_by_label("What it shows")).to_have_value("Who came when")
    page.context.close()


def test_a_third_party_is_added_to_a_new_case_on_a_narrow_screen(browser: Browser, front: Front) -> None:
    page = open_page(browser, front, "claire", width=NARROW)
    page.goto("/cases/new?process=dispute")
    page.get_by_label("What the dispute is about").fill("The ferry")
    page.get_by_role("button", name="Add another party").click()
    expect(page.get_by_label("What the dispute is about")).to_have_value("The ferry")
    page.locator("[name=party_3_name]").fill("Water agency")
    page.get_by_role("button", name="Add another party").click()
    expect(page.locator("[name=party_3_name]")).to_have_value("Water agency")
    expect(page.locator("[name=party_4_name]")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW
    page.context.close()


def test_what_is_wrong_in_a_form_is_said_and_what_was_typed_is_kept(browser: Browser, front: Front) -> None:
    page = open_page(browser, front, "claire")
    page.goto(f"/cases/{SCREENING}/acts/record_screening?whole=yes")
    page.get_by_label("Contact with the counterpart").fill("Called on Monday")
    page.get_by_role("button", name="Check before it is done").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(3)
    assert page.get_by_label("Contact with the counterpart").input_value() == "Called on Monday"
    page.get_by_role("link", name="A safety check was done").click()
    expect(page).to_have_url(re.compile("#field-checked_safety$"))
    page.context.close()


PLACES = [
    "/",
    "/calendar",
    "/cases",
    f"/cases/{SESSIONS}",
    f"/cases/{SESSIONS}/pictures",
    "/reports",
    "/obligations",
    f"/cases/{SCREENING}/acts/record_screening",
    "/mails",
    "/mailbox",
]


@pytest.mark.parametrize("who", ["claire", "nadia"])
def test_nothing_scrolls_sideways_on_a_narrow_screen(browser: Browser, front: Front, who: str) -> None:
    page = open_page(browser, front, who, width=NARROW)
    wide = {}
    for path in PLACES:
        page.goto(path)
        # Pictures and the ways to the pages move in frames of their own; tables whose rows are cards clip their heads.
        widths = page.locator("html, body, body *:not(.vh, .picture *, thead *, .top nav *)").evaluate_all(
            "all => all.map(one => one.getBoundingClientRect()).map(box => Math.max(box.right, -box.left + innerWidth))"
        )
        wide[path] = max(widths)
    assert {path for path, width in wide.items() if width > NARROW} == set()
    page.context.close()


def test_a_page_from_right_to_left_begins_at_the_right(browser: Browser, front: Front) -> None:
    front.house.speak("nadia", "ar")
    page = open_page(browser, front, "nadia")
    heading, brand = page.locator("h1"), page.locator(".brand")
    boxes = [box for box in (heading.bounding_box(), brand.bounding_box()) if box is not None]
    assert [box["x"] > 640 for box in boxes] == [True, True]
    page.goto(f"/cases/{SESSIONS}")
    number = page.locator(".crumbs [dir=ltr]")
    assert number.inner_text() == SESSIONS
    page.context.close()


def test_the_browser_refuses_nothing_of_our_own_pages(browser: Browser, front: Front) -> None:
    page = open_page(browser, front, "claire")
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in (*PLACES, f"/cases/{SESSIONS}/process.svg"):
        page.goto(path)
    page.goto(f"/cases/{SESSIONS}")
    page.get_by_text("The whole process as a picture").click()
    page.get_by_role("img", name="The process").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert complaints == []
    page.context.close()


def test_every_button_is_large_enough_for_a_finger(browser: Browser, front: Front) -> None:
    page = open_page(browser, front, "claire", width=360)
    page.goto(f"/cases/{SCREENING}")
    boxes = [one.bounding_box() for one in page.locator(".btn:visible, button:visible, nav a:visible").all()]
    heights = [box["height"] for box in boxes if box is not None]
    assert len(heights) > 5
    assert min(heights) >= 24
    page.context.close()


def test_everything_at_the_portal_is_reached_by_keyboard_and_its_way_out_is_large(
    browser: Browser, front: Front
) -> None:
    with portal.client(front, "marie") as inside:
        token = inside.cookies["parley-portal"]
    context = browser.new_context(base_url=front.address, viewport={"width": NARROW, "height": 640})
    context.add_cookies([{"name": "parley-portal", "value": token, "url": front.address}])
    page = context.new_page()
    page.goto(portal.CASE)
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        if reached[-1] == "Contact":
            break
    assert reached[0] == "Skip to main content"
    assert {"Exit this page", "Read it and answer", "Everything else you can do", "Contact"} <= set(reached)
    way_out = page.get_by_role("link", name="Exit this page").bounding_box()
    assert way_out is not None
    assert way_out["height"] >= 44
    context.close()
