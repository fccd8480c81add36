"""Pictures of the main mails as a mail program shows them: in daylight, at night, on a phone, and in Arabic."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.notifications import golden

SHOWN = {
    "reminder": "duty_reminder",
    "reminders": "reminders",
    "decision": "escalation_asked",
    "notice": "decision_recorded",
    "invitation": "session_planned",
    "digest": "digest",
}
"""The main mails: what their pictures are called, and which they are."""
# What a mail program puts above a mail; the page itself is as it was sent.
_ABOVE = """([subject, sender, place]) => {
    const above = document.createElement("header");
    above.style.cssText = "font:14px/1.5 system-ui,sans-serif;margin-bottom:16px;padding-bottom:12px";
    above.style.borderBottom = "1px solid #8a8f98";
    const lines = [[subject, "font-size:20px"], [sender, ""], [place, ""]];
    for (const [words, style] of lines.filter(([words]) => words)) {
        const line = above.appendChild(document.createElement("div"));
        line.dir = "auto";
        line.style.cssText = style;
        line.textContent = words;
    }
    document.body.prepend(above);
}"""


@dataclass(frozen=True, slots=True)
class View:
    """How a mail is looked at."""

    name: str
    width: int = 600
    language: str = "en"
    light: str = "light"


VIEWS = (View("light"), View("dark", light="dark"), View("phone", width=360), View("arabic", width=360, language="ar"))


def take(browser: Browser, folder: Path) -> Iterator[Path]:
    """Take every picture into a folder, and name each file."""
    for view in VIEWS:
        context = browser.new_context(
            viewport={"width": view.width, "height": 200},
            color_scheme="dark" if view.light == "dark" else "light",
        )
        page = context.new_page()
        for name, mail in SHOWN.items():
            read = golden.message(mail, view.language)
            page.set_content(golden.body(read, "html"))
            invited = next((part for part in read.walk() if part.get_content_type() == "text/calendar"), None)
            above = [str(read["Subject"]), str(read["From"]), "invite.ics" if invited else ""]
            page.evaluate(_ABOVE, above)
            taken = folder / f"mail-{name}-{view.name}.webp"
            taken.write_bytes(_picture(page))
            yield taken
        context.close()


def _picture(page: Page) -> bytes:
    """Take the whole page in a format that is a third of a PNG, which playwright itself has not."""
    height = page.evaluate("document.documentElement.offsetHeight")
    width = (page.viewport_size or {"width": 0})["width"]
    whole = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    wanted = {"format": "webp", "quality": 60, "captureBeyondViewport": True, "clip": whole}
    return base64.b64decode(page.context.new_cdp_session(page).send("Page.captureScreenshot", wanted)["data"])
