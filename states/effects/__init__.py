"""Effects by name: what an act records in the case file, each with the inputs it asks for.

One module for each part of the work; importing them fills `EFFECTS`.
"""

from states.effects import (
    agreement,
    appointing,
    causes,
    clash,
    documents,
    engagement,
    facts,
    impasse,
    intake,
    interim,
    ladder,
    links,
    neutrals,
    obligations,
    offers,
    options,
    panels,
    publishing,
    sealed,
    service_of_notice,
    sessions,
    sides,
    terms,
)
from states.effects.registry import EFFECTS, Effect

__all__ = [
    "EFFECTS",
    "Effect",
    "agreement",
    "appointing",
    "causes",
    "clash",
    "documents",
    "engagement",
    "facts",
    "impasse",
    "intake",
    "interim",
    "ladder",
    "links",
    "neutrals",
    "obligations",
    "offers",
    "options",
    "panels",
    "publishing",
    "sealed",
    "service_of_notice",
    "sessions",
    "sides",
    "terms",
]
