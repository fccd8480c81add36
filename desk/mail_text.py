"""The words of a kept mail: whoever is not its reader gets them without the links that are its reader's own."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cases.queries import MessageView

_OWN_LINK = re.compile(r"(/(?:t|sign-in)/)[\w-]+")


def has_own_link(content: bytes) -> bool:
    """Tell whether a mail holds a link that is its reader's own."""
    parts = message_from_bytes(content, policy=policy.default).walk()
    return any(_OWN_LINK.search(str(part.get_content())) for part in parts if part.get_content_maintype() == "text")


def plain_text(shown: MessageView, *, who: str) -> str | None:
    """Return the words of a mail as plain text; None where they are not for this person."""
    if shown.content is None:
        return None
    body = message_from_bytes(shown.content, policy=policy.default).get_body(("plain",))
    words = str(body.get_content()) if body is not None else ""
    return words if shown.row.person_id == who else _OWN_LINK.sub(r"\1***", words)
