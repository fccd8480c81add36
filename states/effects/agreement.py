"""Effects of the agreement: text, terms, ratification and signatures on one identical text."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from states.effects.registry import effect, instant, party, recorded, text
from states.events import ItemRecorded
from states.items import Agreement, Obligation, Signature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation


def text_hash(words: str, terms: tuple[Obligation, ...]) -> str:
    """Name an exact text with its terms by SHA-256; any change gives another name and voids signatures."""
    lines = (f"{term.owner}|{term.action}|{term.due_at.isoformat()}|{term.verifier}" for term in terms)
    return hashlib.sha256("\n".join((words, *lines)).encode()).hexdigest()


@effect(text("text", "Full text"), text("summary", "Public summary", required=False))
def write_agreement(s: Situation) -> Iterator[Change]:
    """Write the text, or write it anew: ratifications and signatures of an older text are void."""
    words, summary = s.text("text"), s.text("summary")
    before = s.latest(Agreement, "drafting")
    if before is None:
        yield recorded(s, Agreement, text=words, summary=summary, drafted_by=s.actor.person, state="drafting")
    else:
        yield ItemRecorded(replace(before, text=words, summary=summary, drafted_by=s.actor.person))


@effect(
    text("action", "What will be done"),
    party("owner", "By which party"),
    instant("due_at", "By when"),
    party("verifier", "Verified by which other party"),
)
def add_term(s: Situation) -> Iterator[Change]:
    """Add one promise with owner, date and verifier."""
    yield recorded(
        s,
        Obligation,
        action=s.text("action"),
        owner=s.text("owner"),
        due_at=s.given("due_at"),
        verifier=s.text("verifier"),
        state="planned",
    )


@effect()
def submit_draft(s: Situation) -> Iterator[Change]:
    """Freeze the text for ratification."""
    draft = s.latest(Agreement, "drafting")
    if draft is not None:
        exact = text_hash(draft.text, s.current(Obligation, "planned"))
        yield ItemRecorded(replace(draft, state="ratification", text_hash=exact, ratified_by=(), signatures=()))


@effect(for_a_party=True)
def ratify(s: Situation) -> Iterator[Change]:
    """Record that a party's senior representative ratifies this text."""
    agreement = s.latest(Agreement, "ratification")
    if agreement is None:
        return
    ratified = tuple(dict.fromkeys((*agreement.ratified_by, s.party_id)))
    complete = s.party_ids <= set(ratified)
    yield ItemRecorded(replace(agreement, ratified_by=ratified, state="signature" if complete else "ratification"))


@effect(text("reason", "What must change"))
def return_draft(s: Situation) -> Iterator[Change]:
    """Open the text again; earlier ratifications and signatures are void."""
    agreement = s.latest(Agreement, "ratification", "signature")
    if agreement is not None:
        yield ItemRecorded(replace(agreement, state="drafting", ratified_by=(), signatures=()))


@effect()
def reopen_draft(s: Situation) -> Iterator[Change]:
    """Open the text again because it was not signed in time."""
    yield from return_draft(s)


@effect()
def correct_agreement(s: Situation) -> Iterator[Change]:
    """Open a new version of the text in force; the signed one stays as it is."""
    signed = s.latest(Agreement, "in force")
    if signed is not None:
        drafter = s.actor.person
        yield recorded(s, Agreement, text=signed.text, summary=signed.summary, drafted_by=drafter, state="drafting")


@effect(for_a_party=True)
def sign(s: Situation) -> Iterator[Change]:
    """Record a party's signature; the last one puts the agreement and its obligations in force."""
    agreement = s.latest(Agreement, "signature")
    if agreement is None:
        return
    mark = Signature(party=s.party_id, person=s.actor.person, at=s.at, text_hash=agreement.text_hash)
    signatures = (*agreement.signatures, mark)
    complete = s.party_ids <= {one.party for one in signatures if one.text_hash == agreement.text_hash}
    yield ItemRecorded(replace(agreement, signatures=signatures, state="in force" if complete else "signature"))
    if complete:
        yield from (ItemRecorded(replace(term, state="due")) for term in s.current(Obligation, "planned"))
