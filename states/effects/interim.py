"""Effects of the rules for the meantime: proposed, accepted by all or imposed by a tier, and ending by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states.effects.registry import effect, instant, leaves, one_of, own_word, recorded, text
from states.events import ItemRecorded
from states.items import Interim
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

LIFE = Lifecycle(
    Interim,
    initial="proposed",
    moves=(
        ("accept", ("proposed",), "proposed"),
        ("begin", ("proposed",), "on"),
        ("refuse", ("proposed",), "refused"),
        ("lapse", ("proposed",), "lapsed"),
        ("end", ("on",), "ended"),
        ("expire", ("on",), "expired"),
    ),
)

_RULE = (text("rule", "Rule, without prejudice"), instant("expires_at", "Expires at"))


@leaves(Interim, LIFE.initial)
@effect(*_RULE)
def propose_interim(s: Situation) -> Iterator[Change]:
    """Put a rule for the meantime before the parties; whoever proposes it for a party accepts it for that party."""
    yield recorded(s, Interim, **_rule(s), accepted_by=tuple(filter(None, [s.party_id])), state=LIFE.initial)


@effect(one_of(Interim, "Interim rule", *LIFE.sources("accept")), for_a_party=True, binds=True)
def accept_interim(s: Situation) -> Iterator[Change]:
    """Record a party's yes to the rule; the last one puts it in force."""
    interim = s.item(Interim)
    if interim is not None:
        accepted = tuple(dict.fromkeys((*interim.accepted_by, s.party_id)))
        move = "begin" if s.party_ids <= set(accepted) else "accept"
        yield ItemRecorded(LIFE.moved(interim, move, accepted_by=accepted))


@effect(one_of(Interim, "Interim rule", *LIFE.sources("begin")))
def begin_interim_by_silence(s: Situation) -> Iterator[Change]:
    """Put a proposed rule in force that nobody refused in time, where the definition lets silence do so."""
    yield from _moved(s, "begin")


@effect(
    one_of(Interim, "Interim rule", *LIFE.sources("refuse")), text("reason", "Reason"), for_a_party=True, binds=True
)
def refuse_interim(s: Situation) -> Iterator[Change]:
    """Record a party's no; the rule never comes into force."""
    yield from _moved(s, "refuse")


@effect(one_of(Interim, "Interim rule", *LIFE.sources("lapse")))
def lapse_interim(s: Situation) -> Iterator[Change]:
    """Let a proposed rule lapse that not every party has accepted."""
    yield from _moved(s, "lapse")


@own_word
@effect(*_RULE, text("reason", "Why it cannot wait for the parties"))
def begin_interim(s: Situation) -> Iterator[Change]:
    """Impose a rule that ends by itself."""
    yield recorded(s, Interim, **_rule(s), reason=s.text("reason"), state="on")


@effect(one_of(Interim, "Interim rule", *LIFE.sources("end")), text("reason", "Reason"))
def end_interim(s: Situation) -> Iterator[Change]:
    """End an interim rule before its date."""
    yield from _moved(s, "end")


@effect(one_of(Interim, "Interim rule", *LIFE.sources("expire")))
def expire_interim(s: Situation) -> Iterator[Change]:
    """Let an interim rule end on its date."""
    yield from _moved(s, "expire")


def _rule(s: Situation) -> dict[str, object]:
    return {"rule": s.text("rule"), "expires_at": s.given("expires_at")}


def _moved(s: Situation, move: str) -> Iterator[Change]:
    interim = s.item(Interim)
    if interim is not None:
        yield ItemRecorded(LIFE.moved(interim, move))
