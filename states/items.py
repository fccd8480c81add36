"""What a case file holds: one frozen class for each kind of thing recorded, each with its id, zone and state.

A changed item is a new value under the same id; the record keeps every version of it in the chained events.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """The common part: an opaque `id`, the `zone` that may read it, a `state`, who recorded it and when."""

    kind: ClassVar[str] = "item"

    id: str
    zone: str
    by: str
    at: datetime
    state: str = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue(Item):
    """One question in dispute: open, settled, severed, referred or escalated, each on its own."""

    kind: ClassVar[str] = "issue"

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Item):
    """Why an issue arose: the chain of whys down to a condition, its family, its source, and who agrees."""

    kind: ClassVar[str] = "cause"

    issue: str
    statement: str
    family: str
    whys: tuple[str, ...] = ()
    source: str = ""
    is_condition: bool = True
    in_control: bool = True
    agreed_by: tuple[str, ...] = ()
    disputed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Item):
    """A party's own account: the answer to the notice, or its view of the causes."""

    kind: ClassVar[str] = "statement"

    party: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Item):
    """A party's voluntary, revocable answer to the question whether it will mediate: given, refused or revoked."""

    kind: ClassVar[str] = "consent"

    party: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neutral(Item):
    """A person proposed as mediator: proposed, objected, confirmed or replaced."""

    kind: ClassVar[str] = "neutral"

    person: str
    disclosure: str
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Session(Item):
    """A meeting with the neutral: open or closed, joint, caucus or shuttle, with attendance and minutes."""

    kind: ClassVar[str] = "session"

    form: str
    agenda: str
    attendance: tuple[str, ...] = ()
    minutes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Item):
    """Terms one side would accept: open until every other party accepted, one rejected, or the clock lapsed it."""

    kind: ClassVar[str] = "offer"

    party: str | None
    text: str
    accepted_by: tuple[str, ...] = ()
    rejected_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim(Item):
    """A time-boxed rule without prejudice: on until its date, then expired by itself, or ended before."""

    kind: ClassVar[str] = "interim"

    rule: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision(Item):
    """What a tier answered: decided, approved, returned, refused, referred or climbed, with its reasons."""

    kind: ClassVar[str] = "decision"

    tier: str
    answer: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One party's signature on one exact text, named by its SHA-256."""

    party: str
    person: str
    at: datetime
    text_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(Item):
    """The settlement text with its ratifications and signatures: drafting, ratification, signature, in force, void."""

    kind: ClassVar[str] = "agreement"

    text: str
    summary: str = ""
    text_hash: str = ""
    drafted_by: str = ""
    ratified_by: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation(Item):
    """One promise: owner, action, due instant and the other party that verifies it.

    States: planned, due (in force), reported, contested, missed; the final ones are in `FINAL`.
    """

    kind: ClassVar[str] = "obligation"

    owner: str
    action: str
    due_at: datetime
    verifier: str
    evidence: str = ""
    reported_at: datetime | None = None

    FINAL: ClassVar[frozenset[str]] = frozenset({"verified", "provisional", "waived", "replaced", "failed"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Item):
    """A file kept outside the database: what it shows, its SHA-256, size in bytes and media type."""

    kind: ClassVar[str] = "document"

    name: str
    shows: str
    sha256: str = ""
    size: int = 0
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Item):
    """Words for one zone, such as a caucus note."""

    kind: ClassVar[str] = "note"

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Item):
    """A competing claim on a contested asset, place and time window, with its reasons and, once agreed, its rank."""

    kind: ClassVar[str] = "claim"

    party: str
    asset: str
    place: str
    from_at: datetime
    until_at: datetime
    why: str
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Item):
    """A yardstick for ranking claims, agreed in the open before anyone is ranked."""

    kind: ClassVar[str] = "criterion"

    text: str
    agreed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Item):
    """What a party or the convener learned from the case; "none" is an answer."""

    kind: ClassVar[str] = "feedback"

    party: str | None
    text: str


KINDS: Mapping[str, type[Item]] = {
    cls.kind: cls
    for cls in (
        Issue,
        Cause,
        Statement,
        Consent,
        Neutral,
        Session,
        Offer,
        Interim,
        Decision,
        Agreement,
        Obligation,
        Document,
        Note,
        Claim,
        Criterion,
        Feedback,
    )
}
