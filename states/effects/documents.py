"""Effects of the file's documents: one is put on file with what it shows, and said to count or not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import evidence
from states.effects.registry import choice, effect, file, one_of, recorded, text
from states.events import ItemRecorded
from states.items import Document, Issue
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

ON_FILE, LATE = "on file", "late"
WEIGHED = ("considered", "not considered", "deficient")
LIFE = Lifecycle(
    Document,
    initial=ON_FILE,
    moves=tuple((to, tuple(state for state in (ON_FILE, LATE, *WEIGHED) if state != to), to) for to in WEIGHED),
)


@effect(
    file("file", "File"),
    text("shows", "What it shows"),
    replace(one_of(Issue, "Issue it belongs to"), required=False),
)
def add_document(s: Situation) -> Iterator[Change]:
    """Put a file into the case with what it shows; one that comes too late is kept and marked."""
    found = s.file("file")
    if found is None:
        return
    late = evidence.is_over(s.process, s.case)
    yield recorded(
        s,
        Document,
        state=LATE if late else LIFE.initial,
        name=found.name,
        shows=s.text("shows"),
        sha256=found.sha256,
        size=found.size,
        media_type=found.media_type,
        issue=s.text("issue"),
        late=late,
    )


@effect(
    one_of(Document, "Document"),
    choice("result", "How it counts", *WEIGHED),
    text("because", "Reason", help="Why a late document counts all the same, or what is wrong with this one."),
)
def weigh_document(s: Situation) -> Iterator[Change]:
    """Say whether a document counts, and why; this is how a late one is accepted."""
    document = s.item(Document)
    if document is not None:
        said = {"weighed_by": s.actor.person, "because": s.text("because")}
        yield ItemRecorded(LIFE.moved(document, s.text("result"), **said))
