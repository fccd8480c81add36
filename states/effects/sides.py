"""Effects of each side's own work: its talk with the convener, its worksheet, and its readings of the temperature."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from states import roles, temperature
from states.effects.registry import effect, one_of, recorded, text
from states.events import ItemRecorded
from states.fields import Field, FieldType
from states.items import Reading, Signal, Talk, Worksheet
from states.lifecycle import Lifecycle
from states.said import say, together

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

WORKSHEET = Lifecycle(Worksheet, initial="open", moves=(("replace", ("open",), "replaced"),))
SIGNAL = Lifecycle(
    Signal,
    initial="open",
    moves=(
        ("answer", ("open", "unanswered"), "answered"),
        ("pass", ("open", "unanswered"), "passed"),
        ("leave unanswered", ("open",), "unanswered"),
    ),
)

_LINES = {
    "position": "Position: what we say we want",
    "interest": "Interest: why we want it",
    "need": "Need: what we cannot do without",
    "best_alternative": "Best alternative to an agreement",
    "worst_alternative": "Worst alternative to an agreement",
    "red_lines": "Red lines",
    "mandate": "Limits of our mandate",
}
_STEP = Field(
    name="step",
    type=FieldType.CHOICE,
    label=say("Temperature"),
    choices=tuple(map(str, range(1, len(temperature.STEPS) + 1))),
    help=together(
        say("%(step)s %(words)s", step=str(step), words=words) for step, words in enumerate(temperature.STEPS, start=1)
    ),
)
_WHAT_IT_SHOWS = text("text", "What it shows in", required=False)


@effect(text("text", "What this side told"), for_a_party=True, speaks_in="own line")
def record_talk(s: Situation) -> Iterator[Change]:
    """Keep what one side told the convener."""
    yield recorded(s, Talk, party=s.party_id, text=s.text("text"))


@effect(
    *(text(name, label, required=False) for name, label in _LINES.items()),
    Field(
        name="mediator_may_read",
        type=FieldType.YES_NO,
        label=say("The mediator may read it"),
        required=False,
        help=say("Nobody outside your party reads it otherwise. What you leave empty stays as it was."),
    ),
    for_a_party=True,
    speaks_in="own private",
)
def fill_worksheet(s: Situation) -> Iterator[Change]:
    """Write on a party's worksheet, in the party's own zone or in the one it shares with the mediator.

    Opening it to the mediator begins a new sheet, so that what stood on it while it was private stays so, and the old
    one lies with the party alone. Closing it moves the sheet back, and nobody reads an earlier version of a thing that
    has moved out of their sight (`cases.timeline`).
    """
    old = next((one for one in s.case.all(Worksheet, "open") if one.party == s.party_id), None)
    written: dict[str, Any] = {name: s.text(name) for name in _LINES if s.text(name)}
    may_read = s.given("mediator_may_read")
    private = roles.zone_of(roles.PRIVATE, s.party_id)
    was_open = old is not None and old.zone != private
    opened = was_open if may_read is None else bool(may_read)
    zone = roles.caucus(s.party_id) if opened else private
    if old is not None and (was_open or not opened):
        yield ItemRecorded(replace(old, **written, zone=zone, by=s.actor.person))
        return
    kept = {name: getattr(old, name) for name in _LINES} if old else {}
    if old is not None:
        yield ItemRecorded(WORKSHEET.moved(old, "replace"))
    yield recorded(s, Worksheet, zone=zone, party=s.party_id, **{**kept, **written})


@effect(_STEP, _WHAT_IT_SHOWS, for_a_party=True, speaks_in="own line")
def give_reading(s: Situation) -> Iterator[Change]:
    """Record how hot a party finds the conflict."""
    yield from _read(s, s.party_id)


@effect(_STEP, _WHAT_IT_SHOWS)
def take_reading(s: Situation) -> Iterator[Change]:
    """Record how hot the case team finds the conflict."""
    yield from _read(s, "")


@effect(
    replace(one_of(Signal, "Signal", *SIGNAL.sources("answer")), required=False),
    text("answer", "What you make of it, and what you do"),
)
def answer_signal(s: Situation) -> Iterator[Change]:
    """Record what the team makes of the signal that stands, of which there is one at most."""
    for signal in s.case.all(Signal, *SIGNAL.sources("answer")):
        yield ItemRecorded(SIGNAL.moved(signal, "answer", answer=s.text("answer")))


@effect(one_of(Signal, "Signal", *SIGNAL.sources("leave unanswered")))
def leave_signal_unanswered(s: Situation) -> Iterator[Change]:
    """Record that nobody answered a signal in time."""
    signal = s.item(Signal)
    if signal is not None:
        yield ItemRecorded(SIGNAL.moved(signal, "leave unanswered"))


def _read(s: Situation, party: str) -> Iterator[Change]:
    """Keep the reading; a wide gap or a heat that it brings is a signal, and one that it ends has passed."""
    made = recorded(s, Reading, party=party, step=int(s.text("step")), text=s.text("text"))
    yield made
    before = s.current(Reading)
    now = tuple(one for one in (*before, made.item) if isinstance(one, Reading))
    standing = s.case.all(Signal, *SIGNAL.sources("pass"))
    words, hot = temperature.warnings(now), _has_grown_hot(before, now)
    if hot or not words:
        yield from (ItemRecorded(SIGNAL.moved(signal, "pass")) for signal in standing)
    if hot or (not standing and _is_wider(before, now)):
        yield recorded(s, Signal, zone=roles.TEAM, text=" ".join(words), hot=hot)


def _has_grown_hot(before: tuple[Reading, ...], now: tuple[Reading, ...]) -> bool:
    """Tell whether the newest reading made hot what was not."""
    return temperature.is_high(now) and not temperature.is_high(before)


def _is_wider(before: tuple[Reading, ...], now: tuple[Reading, ...]) -> bool:
    """Tell whether the newest reading widened the gap."""
    return temperature.gap(now) > max(temperature.gap(before), temperature.WIDE - 1)
