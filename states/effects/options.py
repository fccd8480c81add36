"""Effects of the options board: options looked at by agreed criteria and for the harm they may do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from states import board
from states.effects.registry import choice, effect, one_of, recorded, text
from states.events import ItemRecorded
from states.items import Criterion, Harm, Issue, Judgement, Option
from states.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

LIFE = Lifecycle(
    Option,
    initial="open",
    moves=(
        ("look", ("open",), "open"),
        ("look", ("tested",), "tested"),
        ("finish", ("open", "tested"), "tested"),
        ("drop", ("open", "tested"), "dropped"),
    ),
)


@effect(one_of(Issue, "Issue"), text("text", "Option"))
def propose_option(s: Situation) -> Iterator[Change]:
    """Put a way to settle an issue on the board; nobody is bound by it."""
    yield recorded(s, Option, issue=s.text("issue"), text=s.text("text"))


@effect(
    one_of(Option, "Option", *LIFE.sources("look")),
    one_of(Criterion, "Criterion"),
    choice("verdict", "By this criterion it", *board.VERDICTS),
    text("reason", "Why"),
)
def judge_option(s: Situation) -> Iterator[Change]:
    """Say how an option does by one criterion; a later word takes the place of an earlier one."""
    option = s.item(Option)
    if option is not None:
        criterion = s.text("criterion")
        others = tuple(one for one in option.judgements if one.criterion != criterion)
        said = Judgement(criterion=criterion, verdict=s.text("verdict"), reason=s.text("reason"), by=s.actor.person)
        yield _looked_at(s, replace(option, judgements=(*others, said)))


@effect(
    one_of(Option, "Option", *LIFE.sources("look")),
    choice("head", "Harm to", *board.HEADS),
    choice("level", "How much", *board.LEVELS),
    text("text", "In words"),
)
def check_harm(s: Situation) -> Iterator[Change]:
    """Say what harm an option may do under one head."""
    option = s.item(Option)
    if option is not None:
        others = tuple(one for one in option.harms if one.head != s.text("head"))
        said = Harm(head=s.text("head"), level=s.text("level"), text=s.text("text"))
        yield _looked_at(s, replace(option, harms=(*others, said)))


@effect(one_of(Option, "Option", *LIFE.sources("drop")), text("reason", "Reason"))
def drop_option(s: Situation) -> Iterator[Change]:
    """Take an option off the board; it stays on file."""
    option = s.item(Option)
    if option is not None:
        yield ItemRecorded(LIFE.moved(option, "drop"))


def _looked_at(s: Situation, option: Option) -> ItemRecorded:
    tested = not board.untested(option, s.current(Criterion))
    return ItemRecorded(LIFE.moved(option, "finish" if tested else "look"))
