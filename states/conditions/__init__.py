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
    mediation,
    obligations,
    panels,
    service_of_notice,
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
    "mediation",
    "obligations",
    "panels",
    "service_of_notice",
    "unmet",
]
