"""Conditions by name, one module for each part of the work; importing them fills `CONDITIONS`."""

from states.conditions import (
    agreement,
    appointing,
    causes,
    clash,
    engagement,
    intake,
    ladder,
    links,
    neutrals,
    obligations,
    offers,
    panels,
    service_of_notice,
    sessions,
)
from states.conditions.registry import CONDITIONS, Condition, condition, unmet

__all__ = [
    "CONDITIONS",
    "Condition",
    "agreement",
    "appointing",
    "causes",
    "clash",
    "condition",
    "engagement",
    "intake",
    "ladder",
    "links",
    "neutrals",
    "obligations",
    "offers",
    "panels",
    "service_of_notice",
    "sessions",
    "unmet",
]
