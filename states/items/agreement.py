"""The settlement: its main points, then its text with everybody's marks on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads(Item):
    """The heads of terms of one issue: the main points, before anybody writes the full text.

    `options` are those of the board that they take up, `despite` why, where one is untested or may do serious harm.
    """

    kind: ClassVar[str] = "heads"

    issue: str
    points: tuple[str, ...]
    options: tuple[str, ...] = ()
    despite: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One person's mark on one exact text, named by its SHA-256; an attestation is for no party."""

    party: str
    person: str
    at: datetime
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Item):
    """The settlement text with its ratifications, signatures and attestations; every one bears the hash it was given.

    States: drafting, ratification, signature, signed (an attestation is awaited), pending (its date is awaited),
    in force, superseded. `version` counts the texts that were put to the parties; `amends` is the agreement it takes
    the place of, and `changes` says what is different.
    """

    kind: ClassVar[str] = "agreement"

    text: str
    summary: str = ""
    annex: str = ""
    character: str = ""
    clauses: tuple[str, ...] = ()
    text_hash: str = ""
    drafted_by: str = ""
    version: int = 1
    amends: str = ""
    changes: str = ""
    effective_at: datetime | None = None
    in_force_at: datetime | None = None
    ratifications: tuple[Signature, ...] = ()
    refused_by: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    attestations: tuple[Signature, ...] = ()

    @property
    def ratified_by(self) -> tuple[str, ...]:
        """The parties that ratified this text."""
        return tuple(mark.party for mark in self.ratifications if mark.text_hash == self.text_hash)

    @property
    def signed_by(self) -> tuple[str, ...]:
        """The parties that signed this text."""
        return tuple(mark.party for mark in self.signatures if mark.text_hash == self.text_hash)
