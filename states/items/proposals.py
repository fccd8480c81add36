"""An act that takes effect once the others have agreed to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from collections.abc import Mapping

    from states.fields import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal(Item):
    """An act somebody asked for, with its inputs: open, carried out, declined or lapsed.

    `act` names the trigger, `label` is what people call it, `party` is the one the proposer speaks for, None for the
    team. `put_to` is the role, as definitions write it, whose answer it waits for; `people_for` said yes to it.
    """

    kind: ClassVar[str] = "proposal"

    act: str
    label: str
    party: str | None
    inputs: Mapping[str, Value] = field(default_factory=dict)
    agreed_by: tuple[str, ...] = ()
    put_to: str = ""
    people_for: tuple[str, ...] = ()
    declined_by: str = ""
    reason: str = ""

    @property
    def answered_by(self) -> tuple[str, ...]:
        """The parties that need no reminder any more."""
        return self.agreed_by
