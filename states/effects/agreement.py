"""Effects of the agreement: main points, text and terms, then ratifications, signatures and attestation on one text."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from states import clauses, signing
from states.effects import offers
from states.effects.registry import choice, effect, instant, one_of, own_word, recorded, seal, several, text, texts
from states.events import ItemRecorded
from states.items import Agreement, Decision, Heads, Issue, Obligation, Option
from states.obligations import LIFE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.events import Change
    from states.situation import Situation

CHARACTERS = ("political", "administrative", "contract", "order")


@effect(
    one_of(Issue, "Issue"),
    texts("points", "Main points"),
    several("options", "Options that they take up", Option, "open", "tested", required=False),
    offers.DESPITE,
)
def note_heads(s: Situation) -> Iterator[Change]:
    """Note the main points on one issue, or note them anew."""
    points, options, despite = s.texts("points"), s.texts("options"), s.text("despite")
    earlier = next((heads for heads in s.current(Heads) if heads.issue == s.text("issue")), None)
    if earlier is not None:
        yield ItemRecorded(replace(earlier, points=points, options=options, despite=despite))
    else:
        yield recorded(s, Heads, issue=s.text("issue"), points=points, options=options, despite=despite)


@effect(
    text("text", "Full text"),
    text("summary", "Public summary", required=False),
    text("annex", "Confidential annex, for the parties only", required=False),
    choice("character", "Legal character", *CHARACTERS, initial="administrative"),
    instant("effective_at", "In force from, if not at once", required=False),
)
def write_agreement(s: Situation) -> Iterator[Change]:
    """Write the text, or write it anew: ratifications and signatures of an older text are void."""
    words = {name: s.text(name) for name in ("text", "summary", "annex", "character")}
    written = {**words, "effective_at": s.given("effective_at"), "drafted_by": s.actor.person}
    before = s.latest(Agreement, "drafting")
    if before is None:
        yield recorded(s, Agreement, **written, version=_next_version(s), state="drafting")
    else:
        yield ItemRecorded(replace(before, **written))  # type: ignore[arg-type] # typed by the effect's inputs


@effect(
    choice("clause", "Clause"),
    texts("blanks", "What stands in its blanks", help="One a line, like: place = the north gate"),
)
def add_clause(s: Situation) -> Iterator[Change]:
    """Put a clause of the library into the draft, with its blanks filled in."""
    draft, clause = s.latest(Agreement, "drafting"), s.process.clauses.get(s.text("clause"))
    if draft is not None and clause is not None:
        words = clauses.filled(clause, clauses.read_blanks(s.texts("blanks")))
        whole = replace(draft, text=f"{draft.text}\n\n{words}", clauses=(*draft.clauses, clause.id))
        yield ItemRecorded(replace(whole, drafted_by=s.actor.person))


@effect()
def submit_draft(s: Situation) -> Iterator[Change]:
    """Freeze the text and its terms for ratification; one that differs from the last one sent is a new version."""
    draft = s.latest(Agreement, "drafting")
    if draft is None:
        return
    terms = s.current(Obligation, "planned")
    exact = signing.text_hash(draft, terms)
    changed = draft.text_hash not in {"", exact}
    version = draft.version + 1 if changed else draft.version
    unmarked = signing.without_marks(draft)
    yield ItemRecorded(replace(unmarked, state="ratification", text_hash=exact, version=version))
    yield from (ItemRecorded(replace(term, agreement=draft.id)) for term in terms if term.agreement != draft.id)


@effect(seal(Agreement, "ratification"), for_a_party=True, binds=True)
def ratify(s: Situation) -> Iterator[Change]:
    """Record that a party's senior representative ratifies this text."""
    agreement = s.latest(Agreement, "ratification")
    if agreement is None:
        return
    ratifications = (*agreement.ratifications, signing.mark(s, agreement))
    refused_by = tuple(party for party in agreement.refused_by if party != s.party_id)
    ratified = replace(agreement, ratifications=ratifications, refused_by=refused_by)
    complete = s.party_ids <= set(ratified.ratified_by)
    yield ItemRecorded(replace(ratified, state="signature" if complete else "ratification"))


@effect(text("reason", "Why this text cannot be ratified"), for_a_party=True, binds=True)
def refuse_ratification(s: Situation) -> Iterator[Change]:
    """Record that a party's senior representative refuses the text; those above are asked what now."""
    agreement = s.latest(Agreement, "ratification")
    if agreement is None:
        return
    kept = tuple(mark for mark in agreement.ratifications if mark.party != s.party_id)
    refused_by = tuple(dict.fromkeys((*agreement.refused_by, s.party_id)))
    yield ItemRecorded(replace(agreement, ratifications=kept, refused_by=refused_by))
    yield recorded(s, Decision, tier=s.case.tier or "", answer="asked", text=s.text("reason"), state="asked")


@effect(text("reason", "What must change"), binds=True)
def return_draft(s: Situation) -> Iterator[Change]:
    """Open the text again; earlier ratifications and signatures are void."""
    agreement = s.latest(Agreement, "ratification", "signature")
    if agreement is not None:
        yield ItemRecorded(replace(signing.without_marks(agreement), state="drafting"))


@effect()
def reopen_draft(s: Situation) -> Iterator[Change]:
    """Open the text again because it was not ratified or signed in time, or because a tier decided otherwise."""
    yield from return_draft(s)


@effect(seal(Agreement, "signature"), for_a_party=True, binds=True)
def sign(s: Situation) -> Iterator[Change]:
    """Record a party's signature; the last one puts the agreement and its obligations in force."""
    agreement = s.latest(Agreement, "signature")
    if agreement is None:
        return
    signed = replace(agreement, signatures=(*agreement.signatures, signing.mark(s, agreement)))
    if s.party_ids <= set(signed.signed_by):
        yield from _signed_by_all(s, signed)
    else:
        yield ItemRecorded(signed)


@own_word
@effect(seal(Agreement, "signature", "signed", "pending", "in force"))
def attest(s: Situation) -> Iterator[Change]:
    """Record that the outcome came from mediation; a text that waited for this alone comes into force."""
    agreement = s.latest(Agreement, "signature", "signed", "pending", "in force")
    if agreement is None:
        return
    attested = signing.attested(agreement, s)
    if attested.state == "signed":
        yield from _signed_by_all(s, attested)
    else:
        yield ItemRecorded(attested)


@effect()
def go_on_unattested(s: Situation) -> Iterator[Change]:
    """Put a signed text in force though nobody attested it: a silent neutral holds no agreement hostage."""
    agreement = s.latest(Agreement, "signed")
    if agreement is not None:
        yield from _dated(s, agreement)


@effect(one_of(Agreement, "Agreement", "pending"))
def come_into_force(s: Situation) -> Iterator[Change]:
    """Put a signed text in force on its date."""
    agreement = s.item(Agreement)
    if agreement is not None:
        yield from _in_force(s, agreement)


@effect(text("changes", "What is to change, and why"))
def begin_amendment(s: Situation) -> Iterator[Change]:
    """Open a new version of the text in force; the signed one and its obligations stay until the new one is signed."""
    signed = signing.in_force(s.case)
    if signed is not None:
        yield recorded(
            s,
            Agreement,
            **{name: getattr(signed, name) for name in ("text", "summary", "annex", "character", "clauses")},
            drafted_by=s.actor.person,
            version=_next_version(s),
            amends=signed.id,
            changes=s.text("changes"),
            state="drafting",
        )


@effect(texts("changes", "List of changes"), text("text", "Corrected text"))
def correct_agreement(s: Situation) -> Iterator[Change]:
    """Put a corrected text in place of the signed one, whose signatures stay on file with it."""
    signed = signing.in_force(s.case)
    if signed is None:
        return
    corrected = replace(
        signing.without_marks(signed),
        id=s.new_id("agreement"),
        by=s.actor.person,
        at=s.at,
        text=s.text("text"),
        changes="\n".join(s.texts("changes")),
        amends=signed.id,
        version=_next_version(s),
        drafted_by=s.actor.person,
        in_force_at=s.at,
    )
    terms = tuple(term for term in s.case.all(Obligation) if term.agreement == signed.id)
    yield ItemRecorded(replace(corrected, text_hash=signing.text_hash(corrected, terms)))
    yield ItemRecorded(replace(signed, state="superseded"))


def _next_version(s: Situation) -> int:
    return max((agreement.version for agreement in s.case.all(Agreement)), default=0) + 1


def _signed_by_all(s: Situation, agreement: Agreement) -> Iterator[Change]:
    if signing.awaits_attestation(s, agreement):
        yield ItemRecorded(replace(agreement, state="signed"))
    else:
        yield from _dated(s, agreement)


def _dated(s: Situation, agreement: Agreement) -> Iterator[Change]:
    """Put a complete text in force, or let it wait for its date."""
    begins = agreement.effective_at
    if isinstance(begins, datetime) and begins > s.at:
        yield ItemRecorded(replace(agreement, state="pending"))
    else:
        yield from _in_force(s, agreement)


def _in_force(s: Situation, agreement: Agreement) -> Iterator[Change]:
    """Bind the parties to the terms of a text; what it amends, and the terms it replaces, make room."""
    yield ItemRecorded(replace(agreement, state="in force", in_force_at=s.at))
    amended = s.case.item(agreement.amends)
    if isinstance(amended, Agreement):
        yield ItemRecorded(replace(amended, state="superseded"))
    terms = tuple(term for term in s.case.all(Obligation, "planned") if term.agreement == agreement.id)
    yield from (ItemRecorded(LIFE.moved(term, "bind")) for term in terms)
    replaced = {term.replaces for term in terms}
    for earlier in s.case.all(Obligation):
        if earlier.id in replaced and LIFE.allows(earlier, "replace"):
            yield ItemRecorded(LIFE.moved(earlier, "replace"))
