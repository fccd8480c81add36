"""What the pages of a case show of its agreement: the exact text, whose name is on it, the promises, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk import file_words
from states import completeness
from states.fields import SEAL_SHOWN
from states.items import Agreement, Obligation
from states.said import listed, word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cases.queries import CaseFile
    from desk.file_words import Fact
    from desk.visits import Visit
    from states.case import Party
    from states.items import Item

_BY_DATE = "planned", "due", "replanned", "missed", "reconvened", "reported", "contested", "provisional"


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a text that somebody puts their name to: what is promised, and everything else that stands on it."""

    line: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedText:
    """The exact text that an act puts a name to, with its terms and its seal."""

    text: str
    annex: str
    terms: tuple[Term, ...]
    version: int
    seal: str


@dataclass(frozen=True, slots=True)
class Name:
    """Whose name is on the text: a party, and whether it ratified and signed this very text."""

    party: str
    ratified: bool
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """One line of what was promised: what, by whom, by when, who verifies it, and how it stands."""

    what: str
    owner: str
    verifier: str
    due_at: datetime
    state: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The agreement at a glance: its state, version and seal, the names on it, the promises, and what is still open."""

    agreement: Agreement | None
    seal: str
    names: tuple[Name, ...]
    attested: str
    promises: tuple[Promised, ...]
    open: tuple[str, ...]


def sealed(item: Item | None, file: CaseFile, visit: Visit) -> SealedText | None:
    """Show the text that an act puts a name to; None for an act that asks for no seal."""
    if not isinstance(item, Agreement):
        return None
    names = _names_of(file, visit)
    terms = (term for term in file.case.all(Obligation) if term.agreement == item.id and term.state != "removed")
    return SealedText(
        text=item.text,
        annex=item.annex,
        terms=tuple(Term(term.action, file_words.item_facts(term, file.case, names)) for term in terms),
        version=item.version,
        seal=item.text_hash[:SEAL_SHOWN],
    )


def overview(file: CaseFile, names: Mapping[str, str], *, tones: Mapping[str, str]) -> Overview | None:
    """Show the newest text and everything promised so far; None before anything is written."""
    found, terms = file.case.all(Agreement), file.case.all(Obligation)
    if not found and not terms:
        return None
    agreement = found[-1] if found else None
    attesters = agreement.attestations if agreement else ()
    return Overview(
        agreement=agreement,
        seal=agreement.text_hash[:SEAL_SHOWN] if agreement else "",
        names=tuple(_name(party, agreement) for party in file.case.parties) if agreement else (),
        attested=listed(names.get(mark.person, mark.person) for mark in attesters),
        promises=tuple(_promised(term, file, tones) for term in sorted(terms, key=_order)),
        open=tuple(map(completeness.line, completeness.loose(file.case))),
    )


def _name(party: Party, agreement: Agreement) -> Name:
    return Name(party.name, ratified=party.id in agreement.ratified_by, signed=party.id in agreement.signed_by)


def _order(term: Obligation) -> tuple[bool, datetime]:
    """Put what is still open first, each by its date."""
    return (term.state not in _BY_DATE, term.due_at)


def _promised(term: Obligation, file: CaseFile, tones: Mapping[str, str]) -> Promised:
    owner, verifier = (file_words.party_name(file.case, party) for party in (term.owner, term.verifier))
    return Promised(
        what=term.action,
        owner=owner,
        verifier=verifier,
        due_at=term.due_at,
        state=word(term.state),
        tone=tones.get(term.state, ""),
    )


def _names_of(file: CaseFile, visit: Visit) -> dict[str, str]:
    people = {item.by for item in file.case.items}
    return {person.id: person.name for person in visit.desk.directory.people(people).values()}
