"""Effects of appointing: names put before the parties, and what each party says of them in confidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import effect, leaves, one_of, people, person, recorded
from states.events import ItemRecorded
from states.items import Preference, Shortlist
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.case import Case
    from states.events import Change
    from states.situation import Situation

PREFERENCE = Lifecycle(
    Preference,
    initial="awaited",
    moves=(("answer", ("awaited",), "given"), ("keep silent", ("awaited",), "silent")),
)
_CHOICES = ("first", "second", "third")


def on_the_table(case: Case) -> tuple[str, ...]:
    """List the names of the newest shortlist."""
    lists = case.all(Shortlist)
    return lists[-1].names if lists else ()


@leaves(Preference, PREFERENCE.initial)
@effect(people("names", "Names to put before the parties"))
def put_shortlist(s: Situation) -> Iterator[Change]:
    """Put names before the parties, and await of each, in its own line to the team, whom it strikes or prefers."""
    shortlist = recorded(s, Shortlist, zone=roles.SHARED, names=s.texts("names"), strikes=s.process.strikes)
    yield shortlist
    asked = (party for party in s.case.parties if party.id in s.party_ids)
    for index, party in enumerate(asked):
        yield recorded(
            s,
            Preference,
            id=s.new_id(Preference.kind, index=index),
            zone=roles.zone_of(roles.LINE, party.id),
            state=PREFERENCE.initial,
            owner=party.id,
            shortlist=shortlist.item.id,
        )


@effect(
    people("struck", "Names you strike; none is an answer", among=on_the_table, required=False),
    person("first", "First choice", among=on_the_table, required=False),
    person("second", "Second choice", among=on_the_table, required=False),
    person("third", "Third choice", among=on_the_table, required=False),
    for_a_party=True,
    binds=True,
    speaks_in="own line",
)
def answer_shortlist(s: Situation) -> Iterator[Change]:
    """Record whom a party strikes and whom it prefers."""
    awaited = awaited_of(s, s.party_id)
    if awaited is not None:
        answer = {"struck": s.texts("struck"), "ranked": ranked(s), "by": s.actor.person}
        yield ItemRecorded(PREFERENCE.moved(awaited, "answer", **answer))


@effect(one_of(Preference, "Answer to the shortlist", *PREFERENCE.sources("keep silent")))
def leave_shortlist_unanswered(s: Situation) -> Iterator[Change]:
    """Record that a party did not answer in time: it strikes nobody."""
    preference = s.item(Preference)
    if preference is not None:
        yield ItemRecorded(PREFERENCE.moved(preference, "keep silent"))


def ranked(s: Situation) -> tuple[str, ...]:
    """List the choices given with an act, best first."""
    return tuple(chosen for chosen in map(s.text, _CHOICES) if chosen)


def awaited_of(s: Situation, party_id: str) -> Preference | None:
    """Find the answer that a party still owes."""
    owed = (one for one in s.current(Preference, *PREFERENCE.sources("answer")) if one.owner == party_id)
    return next(owed, None)
