"""What is still open on a case: everything that keeps it from being closed, by name, and what would only be missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.items import Feedback, Interim, Issue, Item, Obligation, Offer, Proposal, Session
from states.obligations import BROKEN, OPEN
from states.said import count, say, together, word

if TYPE_CHECKING:
    from collections.abc import Callable

    from states.case import Case
    from states.situation import Situation

_LOOSE: tuple[tuple[type[Item], tuple[str, ...]], ...] = (
    (Issue, ("open",)),
    (Offer, ("open",)),
    (Session, ("open", "planned")),
    (Interim, ("on",)),
    (Proposal, ("open",)),
)
_LONGEST = 60


def owed(case: Case) -> tuple[Item, ...]:
    """List what was promised and is still open."""
    return case.all(Obligation, *OPEN)


def broken(case: Case) -> tuple[Item, ...]:
    """List what was missed or is contested, or is met about."""
    return case.all(Obligation, *BROKEN)


def loose(case: Case) -> tuple[Item, ...]:
    """List every question, offer, meeting and rule that has not come to its end."""
    return tuple(item for kind, states in _LOOSE for item in case.all(kind, *states))


def silent_parties(case: Case) -> tuple[str, ...]:
    """Name the parties that gave no feedback in this cycle; nothing waits for it."""
    since = case.cycle_since
    told = {one.party for one in case.all(Feedback) if since is None or one.at >= since}
    return tuple(party.name for party in case.parties if party.id not in told)


def line(item: Item) -> str:
    """Say in a few words what is open, and in which state."""
    told = (str(getattr(item, name, "")) for name in ("action", "title", "text", "agenda", "rule", "label"))
    words = next(filter(None, told), "")
    short = words if len(words) <= _LONGEST else f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"
    kind, state = word(item.kind), word(item.state)
    if not short:
        return say("%(kind)s (%(state)s)", kind=kind, state=state)
    return say("%(kind)s “%(words)s” (%(state)s)", kind=kind, words=short, state=state)


def naming(says: str, items: Callable[[Case], tuple[Item, ...]]) -> Callable[[Situation], str]:
    """Make the sentence of a condition name what stands in its way, as far as the actor may read it."""

    def tell(s: Situation) -> str:
        zones = roles.readable_zones(s.process, s.case, s.actor)
        found = items(s.case)
        named = [line(item) for item in found if item.zone in zones]
        hidden = len(found) - len(named)
        more = [
            count(
                "%(count)s more in rooms you do not read; ask the mediator",
                "%(count)s more in rooms you do not read; ask the mediator",
                count=hidden,
            )
        ]
        return say("%(fact)s; open: %(items)s", fact=say(says), items=together((*named, *more[: bool(hidden)])))

    return tell
