"""Facts about whether somebody will be there as long as a duty lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import tenure
from states.conditions.registry import condition
from states.said import together

if TYPE_CHECKING:
    from states.situation import Situation


def _told(s: Situation) -> str:
    return together(tenure.hindrances(s))


@condition("whoever is named is there as long as the duty lasts", weighs_inputs=True, tells=_told)
def they_are_there_for_the_duty(s: Situation) -> bool:
    """Give no duty to somebody who is away now or when it falls due, or who is gone before it ends."""
    return not _told(s)
