"""The small machines of the law: how one kind of item moves from state to state, as a table.

Unlike a process, such a machine is not configuration: that a lapsed offer cannot be accepted holds everywhere. Each
is built once, on the same library as the stages, and asked with a throwaway cursor.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, TypeVar

from transitions import Machine, MachineError

from states.errors import NeedsMissing
from states.items.base import Item
from states.said import either, say, word

ItemT = TypeVar("ItemT", bound=Item)
Moves = tuple[tuple[str, tuple[str, ...], str], ...]

LIFECYCLES: dict[str, Lifecycle[Item]] = {}


class _Cursor:
    """The throwaway model of one move."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Lifecycle(Generic[ItemT]):
    """The machine of one kind of item: each move is its name, the states it leaves and the state it leads to.

    A move may be listed several times with other sources. States that no move leaves are final.
    """

    def __init__(self, kind: type[ItemT], *, initial: str, moves: Moves) -> None:
        """Build the machine and register it under the kind's name."""
        self.kind = kind
        self.initial = initial
        self.moves = moves
        left = {source for _, sources, _ in moves for source in sources}
        self.states = tuple(dict.fromkeys((initial, *(state for _, froms, to in moves for state in (*froms, to)))))
        self.final = frozenset(self.states) - left
        self._machine = Machine(
            model=None,
            states=list(self.states),
            transitions=[{"trigger": name, "source": list(sources), "dest": to} for name, sources, to in moves],
            initial=initial,
            auto_transitions=False,
        )
        LIFECYCLES[kind.kind] = self  # type: ignore[assignment] # a machine of any kind of item

    def sources(self, move: str) -> tuple[str, ...]:
        """List the states a move may be made from, for the input that asks for an item."""
        return tuple(dict.fromkeys(state for name, sources, _ in self.moves if name == move for state in sources))

    def allows(self, item: ItemT, move: str) -> bool:
        """Tell whether the move is open to an item as it stands."""
        return item.state in self.sources(move)

    def moved(self, item: ItemT, move: str, **changes: Any) -> ItemT:  # noqa: ANN401 - any attribute of the item
        """Return the item after a move, with further changes; raise `NeedsMissing` when its state does not allow it."""
        cursor = _Cursor(item.state)
        try:
            self._machine.events[move].trigger(cursor)
        except MachineError:
            wanted = either(map(word, self.sources(move)))
            sentence = say(
                "this %(kind)s is %(state)s; “%(move)s” needs one that is %(wanted)s",
                kind=word(item.kind),
                state=word(item.state),
                move=word(move),
                wanted=wanted,
            )
            raise NeedsMissing(sentence, missing=(sentence,)) from None
        return replace(item, **{**changes, "state": cursor.state})
