"""What the root-cause work records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from states.items.base import Item


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
