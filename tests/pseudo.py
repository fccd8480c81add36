"""Finds what a page or mail says that cannot be told in another language, where it speaks the pseudo-language."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# What people see or hear of an element, though it is no text.
_ATTRIBUTES = ("alt", "aria-label", "aria-description", "aria-roledescription", "placeholder", "title")
_UNSEEN = {"script", "style"}
_EMPTY = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_INNERMOST = re.compile(r"⟦[^⟦⟧]*⟧")


def untranslated(page: str) -> list[str]:
    """List the texts of a page that are not in the brackets of the pseudo-language.

    Passed over is what stands in an element with `dir="auto"`, which people wrote, with `dir="ltr"`, which reads alike
    in every language, or with `translate="no"`.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [left for text in reader.texts if (left := unwrapped(text))]


def unwrapped(text: str) -> str:
    """Take what is in brackets out of a text, and return what is left if there are letters in it."""
    before = ""
    while before != text:
        before, text = text, _INNERMOST.sub(" ", text)
    left = " ".join(text.split())
    return left if any(map(str.isalpha, left)) else ""


class _Reader(HTMLParser):
    """Collects the texts and the attributes that people read, but for those in elements that are passed over."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._run = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        passed = self._passed or tag in _UNSEEN or _is_not_ours(tag, given)
        if not passed:
            self.texts += [given[name] for name in _ATTRIBUTES if name in given]
            self.texts += [given["value"]] if given.get("type") in {"submit", "button"} and "value" in given else []
        self._settle()
        if tag not in _EMPTY:
            self._open.append((tag, passed))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._settle()
        while any(name == tag for name, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._passed:
            self._run += data

    def close(self) -> None:
        super().close()
        self.texts.append(self._run)

    @property
    def _passed(self) -> bool:
        return bool(self._open) and self._open[-1][1]

    def _settle(self) -> None:
        """End a run of text at the edge of an element, unless a sentence in brackets goes on in it."""
        if self._run.count("⟦") == self._run.count("⟧"):
            self.texts.append(self._run)
            self._run = ""


def _is_not_ours(tag: str, given: dict[str, str]) -> bool:
    if tag in {"html", "body"}:
        return False
    return given.get("dir") in {"auto", "ltr"} or given.get("translate") == "no"
