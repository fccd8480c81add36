"""Why the issues arose, as the root-cause work records it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from states.items.base import Item

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Why:
    """One link of a chain: what lies behind the link before it, how that is known, and whether it is agreed.

    `source` is in words, `document` the id of a document on file; `state` is agreed, disputed or unknown. Records made
    before links had sources hold the bare text; the codec reads that as a link of unknown source.
    """

    text: str
    source: str = ""
    document: str = ""
    state: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause(Item):
    """Why an issue arose: the chain of whys down to a condition, its family, its setting, and who agrees.

    `family` is one of Moore's five, `setting` says where it shows; older records name a setting as the family.
    `clause` names the paper and clause it springs from, `controlled_by` who or what controls it when the parties do
    not. `reasons` holds the words of each party that disputes it, by its id.
    """

    kind: ClassVar[str] = "cause"

    issue: str
    statement: str
    family: str
    setting: str = ""
    clause: str = ""
    place: str = ""
    whys: tuple[Why, ...] = ()
    source: str = ""
    is_condition: bool = True
    in_control: bool = True
    controlled_by: str = ""
    agreed_by: tuple[str, ...] = ()
    disputed_by: tuple[str, ...] = ()
    silent_by: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement(Item):
    """What remains disputed about a cause, in words that both sides accept; new words are a new item."""

    kind: ClassVar[str] = "disagreement"

    cause: str
    text: str
    accepted_by: tuple[str, ...] = ()
