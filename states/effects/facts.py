"""Effects of the board of facts: what is said to be so, how each party answers, and joint fact-finding."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import choice, effect, instant, leaves, one_of, recorded, several, text, yes_no
from states.events import ItemRecorded
from states.items import Document, Fact, Inquiry
from states.items.facts import AGREED, ANSWERS, UNKNOWN
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

FACT = Lifecycle(
    Fact,
    initial=UNKNOWN,
    moves=(*((answer, ANSWERS, answer) for answer in ANSWERS), ("correct", ANSWERS, "corrected")),
)
INQUIRY = Lifecycle(
    Inquiry,
    initial="running",
    moves=(
        ("fall behind", ("running",), "overdue"),
        ("report", ("running", "overdue"), "reported"),
        ("accept", ("reported", "uncontested"), "accepted"),
        ("reject", ("reported", "uncontested"), "rejected"),
        ("go uncontested", ("reported",), "uncontested"),
    ),
)

_DOCUMENT = replace(one_of(Document, "Document that shows it"), required=False)
_SAID_OF_A_FACT = (
    text("statement", "What is so"),
    text("source", "How do we know", long=False),
    choice("confidence", "How sure is the source", "high", "medium", "low", "unknown", initial="unknown"),
    _DOCUMENT,
)


@effect(*_SAID_OF_A_FACT)
def state_fact(s: Situation) -> Iterator[Change]:
    """Put a fact on the board; a party that states one agrees with it."""
    yield _stated(s)


@effect(one_of(Fact, "Fact", *ANSWERS), choice("answer", "Answer", *ANSWERS), for_a_party=True)
def answer_fact(s: Situation) -> Iterator[Change]:
    """Record whether a fact is agreed, disputed or unknown to a party."""
    fact = s.item(Fact)
    if fact is not None:
        answered = replace(fact, answers={**fact.answers, s.party_id: s.text("answer")})
        yield ItemRecorded(FACT.moved(answered, answered.standing(s.party_ids)))


@effect(one_of(Fact, "Fact", *ANSWERS), *_SAID_OF_A_FACT)
def correct_fact(s: Situation) -> Iterator[Change]:
    """Put a fact in the place of one that proved wrong, which stays on file; every party answers anew."""
    wrong = s.item(Fact)
    if wrong is not None:
        yield ItemRecorded(FACT.moved(wrong, "correct"))
        yield _stated(s, corrects=wrong.id)


@leaves(Inquiry, INQUIRY.initial)
@effect(
    text("terms", "Terms of reference: what is to be found out, and how"),
    text("conducted_by", "Who does it", long=False),
    instant("due_at", "Findings by"),
    several("facts", "Facts it is to settle", Fact, *ANSWERS, required=False),
)
def begin_inquiry(s: Situation) -> Iterator[Change]:
    """Begin joint fact-finding."""
    yield recorded(
        s,
        Inquiry,
        state=INQUIRY.initial,
        terms=s.text("terms"),
        conducted_by=s.text("conducted_by"),
        due_at=s.given("due_at"),
        facts=s.texts("facts"),
    )


@leaves(Inquiry, "reported")
@effect(one_of(Inquiry, "Inquiry", *INQUIRY.sources("report")), text("findings", "Findings"), _DOCUMENT)
def report_inquiry(s: Situation) -> Iterator[Change]:
    """Record what the inquiry found, for every party to accept or not."""
    inquiry = s.item(Inquiry)
    if inquiry is not None:
        said = {"findings": s.text("findings"), "document": s.text("document"), "reported_at": s.at}
        yield ItemRecorded(INQUIRY.moved(inquiry, "report", **said))


@effect(
    one_of(Inquiry, "Inquiry", *INQUIRY.sources("accept")),
    yes_no("accepts", "Accepts the findings", initial=True),
    for_a_party=True,
    binds=True,
)
def answer_findings(s: Situation) -> Iterator[Change]:
    """Record whether a party accepts the findings; all must, and one no is enough to reject them."""
    inquiry = s.item(Inquiry)
    if inquiry is None:
        return
    silent = tuple(party for party in inquiry.silent_by if party != s.party_id)
    if not s.given("accepts"):
        rejected = (*inquiry.rejected_by, s.party_id)
        yield ItemRecorded(INQUIRY.moved(inquiry, "reject", rejected_by=rejected, silent_by=silent))
        return
    accepted = tuple(dict.fromkeys((*inquiry.accepted_by, s.party_id)))
    heard = replace(inquiry, accepted_by=accepted, silent_by=silent)
    yield ItemRecorded(INQUIRY.moved(heard, "accept") if s.party_ids <= set(accepted) else heard)


@effect(one_of(Inquiry, "Inquiry", *INQUIRY.sources("fall behind")))
def miss_findings(s: Situation) -> Iterator[Change]:
    """Record that the findings did not come by their date; its facts stay as they stand."""
    inquiry = s.item(Inquiry)
    if inquiry is not None:
        yield ItemRecorded(INQUIRY.moved(inquiry, "fall behind"))


@effect(one_of(Inquiry, "Inquiry", *INQUIRY.sources("go uncontested")))
def close_findings_by_silence(s: Situation) -> Iterator[Change]:
    """Record who did not answer the findings: they are uncontested, not agreed."""
    inquiry = s.item(Inquiry)
    if inquiry is not None:
        silent = tuple(party.id for party in s.case.parties if party.id in s.party_ids - {*inquiry.accepted_by})
        yield ItemRecorded(INQUIRY.moved(inquiry, "go uncontested", silent_by=silent))


def _stated(s: Situation, *, corrects: str | None = None) -> ItemRecorded:
    answers = {s.party_id: AGREED} if s.party_id else {}
    said = {name: s.text(name) for name in ("statement", "source", "confidence", "document")}
    return recorded(s, Fact, **said, answers=answers, corrects=corrects, state=FACT.initial)
