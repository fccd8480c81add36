"""Says why a mail comes to its reader and where each of its lines is from, and lets no line out of another room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.mail_reasons import Line, Reasons
from notifications import routes
from states import errors, roles
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notifications.compose import Task
    from notifications.wording import Letter

_OF_FACTS = ("details", "filed", "doors")


def told(task: Task, letter: Letter, text: str) -> Reasons:
    """Return the reasons of a mail, or of its part in one that carries several, as its plain `text` has it.

    Raises `NotYours` for a line from a zone that its reader may not get mail from: such a mail must not go.
    """
    lines = tuple(_lines(letter, " ".join(text.split())))
    zones = {source.zone for line in lines for source in line.sources} - {""}
    if not zones <= task.agenda.zones:
        raise errors.NotYours(say("a line of the mail lies in a room that its reader may not get mail from"))
    notice, actor = task.notice, routes.actor_of(task.reader.person)
    held = roles.by_which(task.process, task.case, actor)
    return Reasons(
        role=task.reader.role,
        to=notice.to or task.process.mails[notice.mail].to,
        event="" if notice.event_id is None else str(notice.event_id),
        clock=(notice.timer_key or "").partition(":")[0],
        lines=lines,
        by={zone: held.get(zone, ()) for zone in sorted(zones)},
    )


def _lines(letter: Letter, text: str) -> Iterator[Line]:
    """Name the lines that stand in the mail; a template leaves out what it has no use for."""
    for name, sources in letter.sources.items():
        value = str(getattr(letter, name))
        if value and " ".join(value.split()) in text:
            yield Line(name, sources)
    for name in _OF_FACTS:
        for fact in getattr(letter, name):
            if " ".join(fact.words.split()) in text:
                yield Line(name, fact.sources)
