"""Says in words on what device somebody is signed in, from what their browser says of itself; no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping

# The first that is found counts: most browsers also name those that came before them.
_BROWSERS: Mapping[str, str] = {
    "Edg": "Edge",
    "OPR/": "Opera",
    "SamsungBrowser": "Samsung Internet",
    "Firefox/": "Firefox",
    "FxiOS": "Firefox",
    "CriOS": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS: Mapping[str, str] = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "Windows": "Windows",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
_SEPARATOR = "/"


def of(user_agent: str) -> str:
    """Return what is kept of a browser's name for itself."""
    browser, system = (
        next((name for sign, name in known.items() if sign in user_agent), "") for known in (_BROWSERS, _SYSTEMS)
    )
    return f"{browser}{_SEPARATOR}{system}" if browser or system else ""


def told(kept: str) -> str:
    """Say what was kept in words."""
    browser, _, system = kept.partition(_SEPARATOR)
    if browser and system:
        return say("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or say("A program, or a browser that does not say which")
