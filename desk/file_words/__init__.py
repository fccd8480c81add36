"""What stands in a case file, in words: items in one line with their facts, and zones.

One module for each part of the work; importing them teaches how each kind of item reads.
"""

from desk.file_words import agreement, appointing, causes, clash, engagement, intake, ladder, mediation, obligations
from desk.file_words.core import (
    ZoneWords,
    choice,
    item_facts,
    item_line,
    item_title,
    kind_title,
    shortened,
    zone_words,
    zones_in_order,
)
from desk.file_words.registry import Fact, party_name

__all__ = [
    "Fact",
    "ZoneWords",
    "agreement",
    "appointing",
    "causes",
    "choice",
    "clash",
    "engagement",
    "intake",
    "item_facts",
    "item_line",
    "item_title",
    "kind_title",
    "ladder",
    "mediation",
    "obligations",
    "party_name",
    "shortened",
    "zone_words",
    "zones_in_order",
]
