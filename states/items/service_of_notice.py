"""The proof that somebody was told: one declaration of service for each recipient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Service(Item):
    """A declaration that a notice reached one recipient: declared, then confirmed or refuted by the recipient's side.

    `declared_by` is the party that declares, empty for the case team. `deemed_at` is when it counts as received by
    the definition's table, None for a method that counts only once it is confirmed. With `asks_account` it asks for the
    recipient's account, whose time counts from then. `mail` is the number of the mail that was brought to them so.
    """

    kind: ClassVar[str] = "service"

    what: str
    party: str
    method: str
    served_at: datetime
    person: str = ""
    documents: tuple[str, ...] = ()
    proof: str = ""
    deemed_at: datetime | None = None
    asks_account: bool = False
    declared_by: str = ""
    answer: str = ""
    answered_by: str = ""
    mail: str = ""

    @property
    def owner(self) -> str:
        """The party that was served, which alone answers for it."""
        return self.party
