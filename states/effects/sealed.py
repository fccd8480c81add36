"""Effects of sealed rounds: every party answers one question unseen, and all answers are opened at one instant."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import effect, instant, leaves, one_of, recorded, text
from states.events import ItemRecorded
from states.items import Envelope, Offer, Round
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

LIFE = Lifecycle(
    Round,
    initial="open",
    moves=(
        ("file", ("open",), "open"),
        ("complete", ("open",), "complete"),
        ("open", ("open", "complete"), "opened"),
        ("lapse", ("open",), "lapsed"),
    ),
)


@leaves(Round, "open")
@effect(text("question", "Question to all parties"), instant("due_at", "Answers are opened at"))
def open_sealed_round(s: Situation) -> Iterator[Change]:
    """Ask every party for a sealed offer on one question."""
    yield recorded(s, Round, question=s.text("question"), due_at=s.given("due_at"))


@effect(
    one_of(Round, "Question", *LIFE.sources("file")),
    text("text", "Your offer"),
    for_a_party=True,
    binds=True,
    speaks_in="own private",
)
def file_sealed_offer(s: Situation) -> Iterator[Change]:
    """Seal a party's offer, or put another one into its envelope; the last party makes the round complete."""
    asked = s.item(Round)
    if asked is None:
        return
    before = next((one for one in s.case.all(Envelope) if (one.round, one.party) == (asked.id, s.party_id)), None)
    if before is not None:
        yield ItemRecorded(replace(before, text=s.text("text"), by=s.actor.person, at=s.at))
        return
    yield recorded(s, Envelope, party=s.party_id, round=asked.id, text=s.text("text"), state="sealed")
    filed = (*asked.filed_by, s.party_id)
    if s.party_ids <= set(filed):
        yield ItemRecorded(LIFE.moved(asked, "complete", filed_by=filed, complete_at=s.at))
    else:
        yield ItemRecorded(LIFE.moved(asked, "file", filed_by=filed))


@effect(one_of(Round, "Sealed round", *LIFE.sources("open")))
def open_envelopes(s: Situation) -> Iterator[Change]:
    """Open all envelopes of a round at one instant: copies of their words become offers that everybody reads."""
    asked = s.item(Round)
    if asked is None:
        return
    yield ItemRecorded(LIFE.moved(asked, "open"))
    sealed = (one for one in s.case.all(Envelope) if one.round == asked.id)
    for index, one in enumerate(sealed):
        offered = {"party": one.party, "text": one.text, "round": asked.id, "by": one.by}
        yield recorded(s, Offer, id=s.new_id(Offer.kind, index=index), zone=roles.SHARED, **offered)


@effect(one_of(Round, "Sealed round", *LIFE.sources("lapse")))
def lapse_round(s: Situation) -> Iterator[Change]:
    """End a round in which an answer is missing: nothing is opened, and what was filed stays sealed."""
    asked = s.item(Round)
    if asked is not None:
        yield ItemRecorded(LIFE.moved(asked, "lapse"))
