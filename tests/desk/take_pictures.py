"""Takes pictures of the pages: `make pictures` renews those of the documents, `make pictures ARGS="--all x"` takes all.

The pages are those of the demonstration cases on a fixed morning, so that the same code gives the same pictures.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from desk import demo
from tests.desk import every_page, mail_pictures
from tests.desk import house as houses
from tests.desk.house import Front

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
WIDE, PHONE, _PAPER = 1280, 390, 900
_HEIGHT = 900


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One picture: its name, who looks, the address they open and the links they follow, and how the page is shown.

    Where something is `said`, it is typed into the form of the page, and the picture is of the page that follows. What
    is to stand at the `top` is scrolled there.
    """

    name: str
    who: str
    path: tuple[str, ...]
    said: str = ""
    top: str = ""
    width: int = WIDE
    language: str = "en"
    light: str = "light"
    whole: bool = False


SHOTS = (
    Shot(name="desk", who=demo.HOST, path=("/",)),
    Shot(name="case", who="s1_samuel", path=("/cases/D-2026-0001",)),
    Shot(name="phone", who="s1_samuel", path=("/cases/D-2026-0001",), width=PHONE),
    Shot(name="decide-phone", who="s2_anne", path=("/", "a[href^='/decide/']"), width=PHONE, top="legend"),
    Shot(name="brief", who="s2_anne", path=("/cases/D-2026-0002/print/brief?zone=shared",), width=_PAPER),
    Shot(
        name="check",
        who="s4_akech",
        path=("/cases/D-2026-0007/acts/refuse_consent?whole=yes",),
        said="Not while armed guards stand at the gate.",
    ),
    Shot(name="arabic", who="s1_samuel", path=("/cases/D-2026-0001",), language="ar"),
    Shot(name="portal", who="s4_tariq", path=("/p/",), width=PHONE),
    Shot(name="dark", who=demo.HOST, path=("/",), light="dark"),
)


@contextmanager
def studio() -> Iterator[tuple[Front, Browser]]:
    """Serve the demonstration cases, and open a browser."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory(prefix="parley-") as folder:
        # The mails of the demonstration go out in a loop of their own, so it comes before the browser's.
        house = every_page.demonstration(Path(folder))
        with houses.serving(house) as front, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            yield front, browser
            browser.close()
        house.record.engine.dispose()


def take(front: Front, browser: Browser, shot: Shot, folder: Path) -> Path:
    """Take one picture into a folder, and return its file."""
    every_page.all_speak(front.house, shot.language)
    context = _signed_in(front, browser, shot)
    page = context.new_page()
    address, *links = shot.path
    page.goto(address)
    for link in links:
        page.locator(link).first.click()
    if shot.said:
        page.locator("main textarea").first.fill(shot.said)
        page.locator("main form .btn").first.click()
    if shot.top:
        page.locator(shot.top).first.evaluate("one => one.scrollIntoView()")
    taken = folder / f"{shot.name}.png"
    page.screenshot(path=taken, full_page=shot.whole)
    context.close()
    return taken


def take_all(front: Front, browser: Browser, folder: Path) -> Iterator[Path]:
    """Take every kind of page, wide, on a telephone and in Arabic."""
    found = {page.kind: page for who in every_page.WHO for page in every_page.walk(front, who)}
    views = (("wide", WIDE, "en"), ("phone", PHONE, "en"), ("arabic", WIDE, "ar"), ("arabic-phone", PHONE, "ar"))
    for view, width, language in views:
        for kind, page in found.items():
            name = re.sub(r"\W+", "-", kind).strip("-") or "home"
            shot = Shot(
                name=f"{name}.{view}", who=page.who, path=(page.address,), width=width, language=language, whole=True
            )
            yield take(front, browser, shot, folder)


def main() -> None:
    """Take the pictures that were asked for, and name each."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--all", type=Path, metavar="FOLDER", help="take every page into a folder instead")
    folder = asked.parse_args().all
    with studio() as (front, browser):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        chosen = (take(front, browser, one, PICTURES) for one in SHOTS)
        mails = mail_pictures.take(browser, PICTURES)
        for picture in take_all(front, browser, folder) if folder else chain(chosen, mails):
            sys.stdout.write(f"{picture}\n")


def _signed_in(front: Front, browser: Browser, shot: Shot) -> BrowserContext:
    context = browser.new_context(
        base_url=front.address,
        viewport={"width": shot.width, "height": _HEIGHT},
        color_scheme="dark" if shot.light == "dark" else "light",
        device_scale_factor=2 if shot.width == PHONE else 1,
    )
    context.add_cookies(
        [{"name": front.house.cookie(shot.who), "value": front.house.session(shot.who), "url": front.address}]
    )
    return context


if __name__ == "__main__":
    main()
