"""Effects of the root-cause work: chains of whys, and their two passes.

A cause is provisional as the convener records it. Then each party agrees or disputes; the pass over it ends when all
agree, when both sides accept one statement of their disagreement, or when the clock takes silence for what it is.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from states import errors
from states.effects.registry import choice, effect, one_of, recorded, text, texts, yes_no
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Cause, Disagreement, Document, Issue, Why
from states.items.facts import ANSWERS
from states.lifecycle import Lifecycle
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

FAMILIES = ("data", "interest", "structure", "relationship", "value")
"""Moore's five."""
SETTINGS = (
    "communication",
    "process gap",
    "coordination",
    "structural inequality",
    "old grievance",
    "external",
)

# Older records call a provisional cause open.
UNDECIDED = ("provisional", "open", "disputed", "uncontested")
CAUSE = Lifecycle(
    Cause,
    initial="provisional",
    moves=(
        ("change", UNDECIDED, "provisional"),
        ("wait", (*UNDECIDED, "disagreed"), "provisional"),
        ("dispute", (*UNDECIDED, "disagreed"), "disputed"),
        ("confirm", (*UNDECIDED, "disagreed"), "confirmed"),
        ("go uncontested", (*UNDECIDED, "disagreed"), "uncontested"),
        ("disagree", ("disputed", "confirmed", "uncontested"), "disagreed"),
    ),
)
SETTLED = ("confirmed", "uncontested", "disagreed")
DISAGREEMENT = Lifecycle(
    Disagreement,
    initial="proposed",
    moves=(
        ("accept", ("proposed",), "accepted"),
        ("replace", ("proposed",), "replaced"),
        ("note", ("proposed",), "noted"),
    ),
)

_WHYS = texts("whys", "Chain of whys", help="One a line, each with its source after a |.")
_SAID_OF_A_CAUSE = (
    Field(
        name="setting",
        type=FieldType.CHOICE,
        label=say("Where it shows"),
        choices=tuple(map(say, SETTINGS)),
        required=False,
    ),
    text("clause", "Paper and clause", required=False, long=False),
    text("place", "Place", required=False, long=False),
    _WHYS,
    text("source", "Source", required=False, long=False, help="Stands for every why that names none of its own."),
    text("controlled_by", "Who or what controls it, when the parties do not", required=False, long=False),
)
_WORDS = ("statement", "family", "setting", "clause", "place", "source", "controlled_by")


@effect(
    one_of(Issue, "Issue"),
    text("statement", "Cause", help="A condition that can be changed, not a person to blame."),
    choice("family", "Family", *FAMILIES),
    *_SAID_OF_A_CAUSE,
    yes_no("is_condition", "Is a condition, not a person", initial=True),
    yes_no("in_control", "Within the parties' control", initial=True),
)
def record_cause(s: Situation) -> Iterator[Change]:
    """Record why an issue arose, for now."""
    yield recorded(
        s,
        Cause,
        state=CAUSE.initial,
        issue=s.text("issue"),
        **{name: s.text(name) for name in _WORDS},
        whys=_links(s, s.text("source")),
        is_condition=s.given("is_condition"),
        in_control=s.given("in_control"),
    )


@effect(
    one_of(Cause, "Cause", *UNDECIDED),
    text("statement", "Cause, in new words", required=False),
    Field(name="family", type=FieldType.CHOICE, label=say("Family"), choices=tuple(map(say, FAMILIES)), required=False),
    *_SAID_OF_A_CAUSE,
    Field(name="is_condition", type=FieldType.YES_NO, label=say("Is a condition, not a person"), required=False),
    Field(name="in_control", type=FieldType.YES_NO, label=say("Within the parties' control"), required=False),
)
def revise_cause(s: Situation) -> Iterator[Change]:
    """Change what is said of a cause, and add whys to its end; answers given to other words count no more."""
    cause = s.item(Cause)
    if cause is None:
        return
    words: dict[str, Any] = {name: s.text(name) for name in _WORDS if s.text(name)}
    for name in ("is_condition", "in_control"):
        if s.given(name) is not None:
            words[name] = s.given(name)
    links = (*cause.whys, *_links(s, s.text("source") or cause.source))
    yield from _recorded(s, _unanswered(replace(cause, **words, whys=links)))


@effect(
    one_of(Cause, "Cause", *UNDECIDED),
    text("why", "Why was that so?"),
    text("source", "How do we know", long=False),
    replace(one_of(Document, "Document that shows it"), required=False),
)
def add_why(s: Situation) -> Iterator[Change]:
    """Add a link to the end of a chain; answers given to the shorter chain count no more."""
    cause = s.item(Cause)
    if cause is not None:
        link = Why(s.text("why"), source=s.text("source"), document=s.text("document"))
        yield from _recorded(s, _unanswered(replace(cause, whys=(*cause.whys, link))))


@effect(
    one_of(Cause, "Cause", *UNDECIDED),
    Field(name="number", type=FieldType.INTEGER, label=say("Number of the why, from 1")),
    choice("standing", "Between the parties it is", *ANSWERS),
    text("source", "How do we know", required=False, long=False),
    replace(one_of(Document, "Document that shows it"), required=False),
)
def weigh_why(s: Situation) -> Iterator[Change]:
    """Say how one link of a chain stands between the parties, and name its source."""
    cause, number = s.item(Cause), s.given("number")
    if cause is None or not isinstance(number, int):
        return
    if not 1 <= number <= len(cause.whys):
        sentence = count(
            "the chain has %(count)s why, and %(number)s is none of them",
            "the chain has %(count)s whys, and %(number)s is none of them",
            count=len(cause.whys),
            number=number,
        )
        raise errors.NeedsMissing(sentence, missing=(sentence,))
    old = cause.whys[number - 1]
    new = Why(
        old.text,
        source=s.text("source") or old.source,
        document=s.text("document") or old.document,
        state=s.text("standing"),
    )
    yield ItemRecorded(replace(cause, whys=(*cause.whys[: number - 1], new, *cause.whys[number:])))


@effect(
    one_of(Cause, "Cause", *dict.fromkeys((*CAUSE.sources("wait"), *SETTLED))),
    yes_no("agrees", "Agrees", initial=True),
    text("reason", "What you dispute, and why", required=False),
    for_a_party=True,
)
def answer_cause(s: Situation) -> Iterator[Change]:
    """Record whether a party agrees with a cause; a new answer takes the place of its old one.

    What was settled before a party joined stays settled: its no stands beside the others' answers, with its reason.
    """
    cause = s.item(Cause)
    if cause is None:
        return
    rest = _without(cause, s.party_id)
    if s.given("agrees"):
        rest = replace(rest, agreed_by=(*rest.agreed_by, s.party_id))
    else:
        reasons = {**rest.reasons, s.party_id: s.text("reason")}
        rest = replace(rest, disputed_by=(*rest.disputed_by, s.party_id), reasons=reasons)
    if cause.state in SETTLED and not answered(cause, s.party_id):
        joined_no = not s.given("agrees") and CAUSE.allows(rest, "disagree")
        yield ItemRecorded(CAUSE.moved(rest, "disagree") if joined_no else rest)
        return
    yield from _recorded(s, _weighed(s, rest))


def answered(cause: Cause, party: str) -> bool:
    """Tell whether a party gave its answer to a cause, or let the time for it pass."""
    return party in {*cause.agreed_by, *cause.disputed_by, *cause.silent_by}


@effect(one_of(Cause, "Cause", "disputed"), text("text", "What remains disputed, in words both sides can accept"))
def state_disagreement(s: Situation) -> Iterator[Change]:
    """Propose what a disputed cause leaves open; earlier words nobody can accept any more."""
    cause = s.item(Cause)
    if cause is None:
        return
    yield from _words_replaced(s, cause)
    accepted = (s.party_id,) if s.party_id else ()
    state = DISAGREEMENT.initial
    yield recorded(s, Disagreement, state=state, cause=cause.id, text=s.text("text"), accepted_by=accepted)


@effect(one_of(Disagreement, "Statement of disagreement", "proposed"), for_a_party=True, binds=True)
def accept_disagreement(s: Situation) -> Iterator[Change]:
    """Record that a party accepts the words; the last one ends the pass over the cause."""
    words = s.item(Disagreement)
    if words is None:
        return
    accepted = tuple(dict.fromkeys((*words.accepted_by, s.party_id)))
    if not s.party_ids <= set(accepted):
        yield ItemRecorded(replace(words, accepted_by=accepted))
        return
    yield ItemRecorded(DISAGREEMENT.moved(words, "accept", accepted_by=accepted))
    cause = s.case.item(words.cause)
    if isinstance(cause, Cause) and CAUSE.allows(cause, "disagree"):
        yield ItemRecorded(CAUSE.moved(cause, "disagree"))


@effect()
def close_causes_by_silence(s: Situation) -> Iterator[Change]:
    """Record who was silent: what nobody disputed is uncontested, not agreed; else each side's reasons stand."""
    for cause in s.case.all(Cause, *UNDECIDED):
        answered = {*cause.agreed_by, *cause.disputed_by}
        silent = tuple(party.id for party in s.case.parties if party.id in s.party_ids - answered)
        weighed = _weighed(s, replace(cause, silent_by=silent))
        yield ItemRecorded(CAUSE.moved(weighed, "disagree") if weighed.state == "disputed" else weighed)
        for words in _proposed(s, cause):
            yield ItemRecorded(DISAGREEMENT.moved(words, "note"))


def _links(s: Situation, source: str) -> tuple[Why, ...]:
    """Read the lines of a chain: a why, and after a bar its source, else the common one."""
    lines = (line.partition("|") for line in s.texts("whys"))
    return tuple(Why(why.strip(), source=own.strip() or source) for why, _, own in lines)


def _without(cause: Cause, party: str) -> Cause:
    """Take back whatever a party answered, or that it did not."""
    kept: dict[str, Any] = {
        name: tuple(who for who in getattr(cause, name) if who != party)
        for name in ("agreed_by", "disputed_by", "silent_by")
    }
    return replace(cause, **kept, reasons={who: why for who, why in cause.reasons.items() if who != party})


def _unanswered(cause: Cause) -> Cause:
    return CAUSE.moved(cause, "change", agreed_by=(), disputed_by=(), silent_by=(), reasons={})


def _weighed(s: Situation, cause: Cause) -> Cause:
    """Move a cause to where its answers put it."""
    if s.party_ids & set(cause.disputed_by):
        return CAUSE.moved(cause, "dispute")
    if s.party_ids <= set(cause.agreed_by):
        return CAUSE.moved(cause, "confirm")
    silent = s.party_ids <= {*cause.agreed_by, *cause.silent_by}
    return CAUSE.moved(cause, "go uncontested" if silent else "wait")


def _recorded(s: Situation, cause: Cause) -> Iterator[Change]:
    """Put a cause on file; what was proposed to be said of a dispute falls with the dispute."""
    yield ItemRecorded(cause)
    if cause.state != "disputed":
        yield from _words_replaced(s, cause)


def _words_replaced(s: Situation, cause: Cause) -> Iterator[Change]:
    return (ItemRecorded(DISAGREEMENT.moved(words, "replace")) for words in _proposed(s, cause))


def _proposed(s: Situation, cause: Cause) -> Iterator[Disagreement]:
    return (words for words in s.case.all(Disagreement, "proposed") if words.cause == cause.id)
