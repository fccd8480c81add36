"""An office's own words in the place of Parley's, filled in for one reader.

They are put into words from a flat dictionary of texts that the mail's one reader may read already, form by form and
without running anything: a text can neither reach for anything else nor cost more than its length.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from jinja2 import nodes

from notifications import mime, office_texts, quotes, text_findings, wording
from notifications.office_texts import PLACES, TESTS, Part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.wordings import Wording
    from notifications.wording import Voice

OURS_ALONE = frozenset(
    {
        *("address_changed", "code_made", "fresh_link", "link_taken_back", "room_opened", "sign_in_link"),
        *("ways_in_changed", "webhook_stopped"),
    }
)
"""Mails that guard somebody's way in: nobody's own words stand in them."""


def may_be_changed(mail: str) -> bool:
    """Tell whether an office may put a mail into words of its own."""
    return mail not in OURS_ALONE


def tidy(text: str) -> str:
    """Return a text as it is kept: without spaces around it, and with one kind of line end."""
    return "\n".join(line.rstrip() for line in text.expandtabs(1).splitlines()).strip()


def render(voice: Voice, mail: str, letter: wording.Letter, kept: Wording | None) -> wording.Words:
    """Write a mail with an office's own words, or in Parley's where it has none or they cannot be used.

    Raises `jinja2.TemplateError` as `Voice.render` does, never because of what an office wrote.
    """
    if kept is None or not may_be_changed(mail):
        return voice.render(mail, letter)
    try:
        own = filled(kept.texts, letter)
    except mime.BadMessage as fault:
        return replace(voice.render(mail, letter), broken=fault.sentence)
    return voice.render(mail, letter, own)


def usable(kept: Wording | None, letter: wording.Letter) -> wording.Own:
    """Return an office's own words for one reader, or none where they cannot be used."""
    try:
        return filled(kept.texts, letter) if kept is not None else wording.OURS
    except mime.BadMessage:
        return wording.OURS


def filled(texts: Mapping[str, str], letter: wording.Letter) -> wording.Own:
    """Put what a letter says into an office's texts, by part. Raises `BadMessage` for a text that cannot be used."""
    values = {name: getattr(letter, name) for name in (*PLACES, *TESTS)}
    subject, first, changed = (_filled(part, texts.get(part, ""), values) for part in Part)
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", changed))
    return wording.Own(
        subject=mime.one_line(subject), first=mime.one_line(first), changed=tuple(one for one in paragraphs if one)
    )


def _filled(part: Part, text: str, values: Mapping[str, object]) -> str:
    found = text_findings.findings(part, text)
    if found:
        raise mime.BadMessage(found[0])
    return quotes.quoted(_said(office_texts.environment().parse(text), values))


def _said(node: nodes.Node, values: Mapping[str, object]) -> str:
    """Put a form that was let through into words."""
    if isinstance(node, nodes.TemplateData):
        return node.data
    if isinstance(node, nodes.Name):
        return str(values[node.name])
    if isinstance(node, nodes.If):
        return "".join(_said(one, values) for one in _chosen(node, values))
    return "".join(_said(one, values) for one in node.iter_child_nodes())


def _chosen(node: nodes.If, values: Mapping[str, object]) -> list[nodes.Node]:
    branch = next((one for one in (node, *node.elif_) if _holds(one.test, values)), None)
    return branch.body if branch is not None else node.else_


def _holds(test: nodes.Node, values: Mapping[str, object]) -> bool:
    if isinstance(test, nodes.Not):
        return not _holds(test.node, values)
    if isinstance(test, nodes.And):
        return _holds(test.left, values) and _holds(test.right, values)
    if isinstance(test, nodes.Or):
        return _holds(test.left, values) or _holds(test.right, values)
    if isinstance(test, nodes.Compare):
        return _value(test.expr, values) == _value(test.ops[0].expr, values)
    return bool(_value(test, values))


def _value(node: nodes.Node, values: Mapping[str, object]) -> object:
    return node.value if isinstance(node, nodes.Const) else values[getattr(node, "name", "")]
