"""Gives a mail a style sheet in place of the styles on its tags, so that a strict policy can allow exactly that one."""

from __future__ import annotations

from html import escape
from html.parser import HTMLParser

_MARK = "data-style"


def with_sheet(html: str) -> tuple[str, str]:
    """Return a mail whose styles stand in one style element, and the content of that element."""
    moved = _Mover()
    moved.feed(html)
    moved.close()
    sheet = moved.sheet()
    return _inserted("".join(moved.parts), f"<style>{sheet}</style>"), sheet


class _Mover(HTMLParser):
    """Writes a page again as it came, but for its styles, which it collects."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self._found: dict[str, int] = {}
        self._own: list[str] = []
        self._in_style = False

    def sheet(self) -> str:
        """Return what was collected as a style sheet; what could end its element is left out."""
        rules = [f'[{_MARK}="{number}"]{{{style}}}' for style, number in self._found.items()]
        return "\n".join(one for one in (*self._own, *rules) if "<" not in one)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "style":
            self._in_style = True
            return
        style = next((value for name, value in attrs if name == "style"), None)
        if style is None:
            self.parts.append(self.get_starttag_text() or "")
            return
        number = self._found.setdefault(style, len(self._found) + 1)
        kept = [(name, value) for name, value in attrs if name != "style"]
        self.parts.append(_tag(tag, [*kept, (_MARK, str(number))]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "style":
            self._in_style = False
            return
        self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        (self._own if self._in_style else self.parts).append(data)

    def handle_entityref(self, name: str) -> None:
        self.parts.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.parts.append(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.parts.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.parts.append(f"<!{decl}>")


def _tag(name: str, attrs: list[tuple[str, str | None]]) -> str:
    told = (key if value is None else f'{key}="{escape(value)}"' for key, value in attrs)
    return f"<{' '.join((name, *told))}>"


def _inserted(html: str, element: str) -> str:
    head, end, rest = html.partition("</head>")
    return f"{head}{element}{end}{rest}" if end else f"{element}{html}"
