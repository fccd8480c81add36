"""Effects on who mediates: names, disclosures, objections and their ruling, appointment, recusal and replacement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import roles
from states.effects.registry import choice, effect, own_word, person, recorded, text
from states.events import ItemRecorded, RoleAssigned
from states.items import Neutral
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

MEDIATOR = "mediator"
NOMINEE = "nominee"
SUSTAINED, OVERRULED = "sustained", "overruled"
IN_QUESTION = ("named", "proposed", "challenged")

LIFE = Lifecycle(
    Neutral,
    initial="named",
    moves=(
        ("disclose", ("named",), "proposed"),
        ("disclose", ("proposed",), "proposed"),
        ("disclose", ("challenged",), "challenged"),
        ("disclose", ("confirmed",), "confirmed"),
        ("accept", ("proposed",), "proposed"),
        ("object", ("proposed",), "challenged"),
        ("overrule", ("challenged",), "proposed"),
        ("sustain", ("challenged",), "replaced"),
        ("confirm", ("proposed",), "confirmed"),
        ("recuse", ("named", "proposed", "challenged", "confirmed"), "recused"),
        ("replace", ("named", "confirmed"), "replaced"),
    ),
)

_DISCLOSURE = "Links and interests disclosed; “none” is an answer"


@effect(person("person", "Neutral"))
def name_neutral(s: Situation) -> Iterator[Change]:
    """Ask a person to disclose links and interests; the parties read the name once that is done."""
    yield from _dropped(s)
    yield recorded(s, Neutral, zone=roles.NOMINEE, person=s.text("person"), disclosure="", state=LIFE.initial)
    yield RoleAssigned(NOMINEE, (s.text("person"),))


@effect(text("disclosure", _DISCLOSURE))
def disclose(s: Situation) -> Iterator[Change]:
    """Record what the neutral discloses, at first or later, for all parties; what was said before stays in it."""
    neutral = s.latest(Neutral, *IN_QUESTION, "confirmed")
    if neutral is not None:
        told = "\n".join(filter(None, (neutral.disclosure, s.text("disclosure"))))
        yield ItemRecorded(LIFE.moved(neutral, "disclose", zone=s.zone, disclosure=told, accepted_by=()))


@effect(for_a_party=True, binds=True)
def accept_neutral(s: Situation) -> Iterator[Change]:
    """Record a party's yes to the proposed neutral; the last one appoints at once."""
    proposed = s.latest(Neutral, "proposed")
    if proposed is None:
        return
    accepted = tuple(dict.fromkeys((*proposed.accepted_by, s.party_id)))
    agreed = LIFE.moved(proposed, "accept", accepted_by=accepted)
    if s.party_ids <= set(accepted):
        yield from _appointed(LIFE.moved(agreed, "confirm"))
    else:
        yield ItemRecorded(agreed)


@effect(text("reason", "Reason"), for_a_party=True, binds=True)
def object_to_neutral(s: Situation) -> Iterator[Change]:
    """Record a party's objection; somebody above both parties rules on it."""
    proposed = s.latest(Neutral, "proposed")
    if proposed is not None:
        reasons, parties = (*proposed.objections, s.text("reason")), (*proposed.objected_by, s.party_id)
        yield ItemRecorded(LIFE.moved(proposed, "object", objections=reasons, objected_by=parties))


@own_word
@effect(choice("ruling", "Ruling", SUSTAINED, OVERRULED), text("reason", "Reasons"))
def rule_on_objection(s: Situation) -> Iterator[Change]:
    """Rule on the objection: sustained takes the name off the table, overruled leaves it there."""
    challenged = s.latest(Neutral, "challenged")
    if challenged is None:
        return
    words = f"{s.text('ruling')}: {s.text('reason')}"
    if s.text("ruling") == SUSTAINED:
        yield ItemRecorded(LIFE.moved(challenged, "sustain", ruling=words))
        yield RoleAssigned(NOMINEE, ())
    else:
        yield ItemRecorded(LIFE.moved(challenged, "overrule", ruling=words))


@effect()
def sustain_by_silence(s: Situation) -> Iterator[Change]:
    """Take a name off the table on which nobody ruled: no party mediates before somebody it objected to."""
    challenged = s.latest(Neutral, "challenged")
    if challenged is not None:
        yield ItemRecorded(LIFE.moved(challenged, "sustain", ruling="sustained by silence"))
        yield RoleAssigned(NOMINEE, ())


@effect()
def confirm_neutral(s: Situation) -> Iterator[Change]:
    """Appoint the proposed neutral as mediator, because no party objected in time."""
    proposed = s.latest(Neutral, "proposed")
    if proposed is not None:
        yield from _appointed(LIFE.moved(proposed, "confirm"))


@own_word
@effect(person("person", "Neutral"), text("disclosure", _DISCLOSURE))
def appoint_neutral(s: Situation) -> Iterator[Change]:
    """Appoint a mediator from above, where the parties could not be brought to accept one."""
    yield from _dropped(s)
    yield recorded(s, Neutral, person=s.text("person"), disclosure=s.text("disclosure"), state="confirmed")
    yield RoleAssigned(MEDIATOR, (s.text("person"),))
    yield RoleAssigned(NOMINEE, ())


@effect(text("reason", "Reason", required=False, help="A neutral need not say why."))
def recuse_neutral(s: Situation) -> Iterator[Change]:
    """Record that the neutral steps back, before the appointment or after it."""
    yield from _ended(s, "recuse", s.text("reason"))


@effect(text("reason", "Reason"))
def replace_mediator(s: Situation) -> Iterator[Change]:
    """End the appointment of the mediator; the sessions held so far stay on file."""
    yield from _ended(s, "replace", s.text("reason"))


@effect()
def replace_idle_mediator(s: Situation) -> Iterator[Change]:
    """End the appointment of a mediator who recorded nothing; the sessions held so far stay on file."""
    yield from _ended(s, "replace", "nothing was recorded for too long")


def _ended(s: Situation, move: str, reason: str) -> Iterator[Change]:
    neutral = s.latest(Neutral, *LIFE.sources(move))
    if neutral is not None:
        yield ItemRecorded(LIFE.moved(neutral, move, ended=reason))
    yield RoleAssigned(NOMINEE, ())
    if s.case.roles.get(MEDIATOR):
        yield RoleAssigned(MEDIATOR, ())


def _dropped(s: Situation) -> Iterator[Change]:
    """Let a name go that was waiting for its disclosure when another one is put in its place."""
    yield from (ItemRecorded(LIFE.moved(one, "replace")) for one in s.current(Neutral, LIFE.initial))


def _appointed(neutral: Neutral) -> Iterator[Change]:
    yield ItemRecorded(neutral)
    yield RoleAssigned(MEDIATOR, (neutral.person,))
    yield RoleAssigned(NOMINEE, ())
