"""What stands in a case file, in words: items in one line with their facts, and zones.

One module for each part of the work; importing them teaches how each kind of item reads.
"""

from desk.file_words import (
    agreement,
    appointing,
    causes,
    clash,
    engagement,
    facts,
    intake,
    ladder,
    links,
    mediation,
    obligations,
    panels,
    service_of_notice,
    sides,
)
from desk.file_words.core import (
    ZoneWords,
    choice,
    grouped,
    item_facts,
    item_line,
    item_tag,
    item_text,
    item_title,
    kind_title,
    shortened,
    zone_words,
    zones_in_order,
)
from desk.file_words.registry import Fact, Step, may_be_people, party_name

__all__ = [
    "Fact",
    "Step",
    "ZoneWords",
    "agreement",
    "appointing",
    "causes",
    "choice",
    "clash",
    "engagement",
    "facts",
    "grouped",
    "intake",
    "item_facts",
    "item_line",
    "item_tag",
    "item_text",
    "item_title",
    "kind_title",
    "ladder",
    "links",
    "may_be_people",
    "mediation",
    "obligations",
    "panels",
    "party_name",
    "service_of_notice",
    "shortened",
    "sides",
    "zone_words",
    "zones_in_order",
]
