"""What each scenario is there to show: every feature of its “Tests” line is proved by what was played."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations
from pathlib import Path

import pytest

from config import load, scenarios, vocabulary, working_time
from config.scenarios import Scenario
from desk import player
from desk.paper import Paper
from states import endings, items, marks
from states.case import Case, Party
from states.items import Item
from states.process import Process

NAMES = tuple(scenarios.shipped_scenarios())
LISTED = re.compile(r"^### (S\d)\..*?^- \*\*Tests:\*\* (.*?)\.$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Played:
    """A scenario that was played to its end by the rules alone."""

    scenario: Scenario
    process: Process
    world: Paper
    lines: tuple[player.Line, ...]

    @property
    def case(self) -> Case:
        """The case the scenario is about."""
        assert self.world.case is not None
        return self.world.case

    @property
    def deciding(self) -> tuple[Party, ...]:
        """The parties whose own yes is needed."""
        return tuple(party for party in self.case.parties if party.decides)

    def did(self, *acts: str, who: str = "") -> bool:
        """Tells whether these acts happened, one after the other."""
        done = iter([line.trigger for line in self.lines if not line.case and who in {"", line.who}])
        return all(act in done for act in acts)

    def one(self, kind: type[Item], *states: str) -> bool:
        """Tells whether something of this kind is in one of these states."""
        return bool(self.case.all(kind, *states))

    def tied(self, relation: items.Relation) -> Case:
        """Finds the other case that this one is tied to."""
        link = next(link for link in self.case.all(items.Link) if link.relation == relation)
        return self.world.case_of(link.other)

    @property
    def agreement(self) -> items.Agreement:
        """The last text that came into force."""
        return self.case.all(items.Agreement, "in force")[-1]


def partial_impasse(played: Played) -> bool:
    stuck = {one.issue for one in played.case.all(items.Deadlock)}
    return played.one(items.Impasse, "declared") and len(stuck) == 1 < len(played.case.all(items.Issue, "settled"))


def rotation_reminder(played: Played) -> bool:
    """The duty comes again with each rotation, and its owner is reminded a week before."""
    again = [term for term in played.case.all(items.Obligation, "verified") if term.follows]
    reminders = played.process.deadlines["obligation"].reminders
    return any("rotates" in term.action for term in again) and any(
        one.mail == "obligation_reminder" for one in reminders
    )


def sealed_offers(played: Played) -> bool:
    opened = [offer for offer in played.case.all(items.Offer) if offer.round]
    return len(opened) == len(played.deciding) and len({offer.at for offer in opened}) == 1


def standard_criteria(played: Played) -> bool:
    criteria = played.case.all(items.Criterion)
    weighed = {one.criterion for option in played.case.all(items.Option, "tested") for one in option.judgements}
    agreed = all(one.source and len(one.agreed_by) == len(played.deciding) for one in criteria)
    return agreed and weighed == {one.id for one in criteria}


def self_expiring(played: Played) -> bool:
    return played.one(items.Interim, "expired") and played.did("expire_interim", who=player.CLOCK)


def recurrence(played: Played) -> bool:
    members = played.tied(items.Relation.SYSTEMIC).all(items.Link)
    return len(members) == 3 and played.case.id in {link.other for link in members}


def clause_to_cause(played: Played) -> bool:
    """A cause names the clause, the pattern is about the clause, and what is agreed there changes the clause."""
    clauses = {marks.key_of(cause.clause) for cause in played.case.all(items.Cause)}
    pattern = played.tied(items.Relation.SYSTEMIC)
    changed = pattern.all(items.Obligation, "verified")
    decided = endings.how_it_ended(played.process, pattern).startswith("settled: decided at tier T2")
    return (
        clauses == {"project procedure 4 2"} and "§ 4.2" in pattern.title and "§ 4.2" in changed[0].action and decided
    )


def mixed_urgency(played: Played) -> bool:
    return (played.scenario.urgency, played.tied(items.Relation.SEVERED).urgency) == ("U1", "U3")


def community(played: Played) -> bool:
    voices = [one for one in played.case.all(items.Stakeholder, "engaged") if one.side is None]
    return any(one.part == "is missing" and one.contact_at for one in voices)


def shuttle(played: Played) -> bool:
    legs = [one for one in played.case.all(items.Session) if one.form == "shuttle"]
    return {one.zone for one in legs} == {"caucus:residents", "caucus:agency"}


def stay(played: Played) -> bool:
    paused = played.case.stays[0]
    return paused.ended_at == paused.until == paused.begun_at + timedelta(hours=48)


def collision(played: Played) -> bool:
    windows = [window for window in marks.windows_of(played.case) if window.source]
    overlap = all(
        one.from_at < other.until_at and other.from_at < one.until_at for one, other in combinations(windows, 2)
    )
    return overlap and len(windows) == len({window.party for window in windows}) == 3


def hours_not_days(played: Played) -> bool:
    signed_at = max(mark.at for mark in played.agreement.signatures)
    return signed_at - played.case.opened_at < timedelta(hours=30)


def corrected_facts(played: Played) -> bool:
    agreed = [fact for fact in played.case.all(items.Fact, "agreed") if fact.corrects]
    settled = {one for inquiry in played.case.all(items.Inquiry, "accepted") for one in inquiry.facts}
    return bool(agreed) and {fact.corrects for fact in agreed} <= settled


def cross_verified(played: Played) -> bool:
    terms = played.case.all(items.Obligation, "verified")
    lines = {party.id: {one for held in party.people.values() for one in held} for party in played.case.parties}
    return all(term.verified_by and term.verified_by not in lines[term.owner] for term in terms)


FEATURES: Mapping[str, Mapping[str, Callable[[Played], bool]]] = {
    "S1": {
        "interim arrangement": self_expiring,
        "partial impasse": partial_impasse,
        "T3 decision": lambda it: any(one.tier == "T3" for one in it.case.all(items.Decision, "decided")),
        "rotation reminder": rotation_reminder,
        "breach loop": lambda it: it.did(
            "contest_obligation", "call_back", "replan_obligation", "reconvened", "verify_obligation"
        ),
    },
    "S2": {
        "five parties": lambda it: len(it.deciding) == len(it.agreement.signed_by) == 5,
        "join": lambda it: it.did("join_party", "join_party", "give_consent"),
        "sealed offers": sealed_offers,
        "self-expiring interim rule": self_expiring,
        "criteria from a standard": standard_criteria,
    },
    "S3": {
        "settlement without mediation": lambda it: not it.one(items.Neutral) and not it.one(items.Session),
        "recurrence rule": recurrence,
        "clause-to-cause loop": clause_to_cause,
        "public summary": lambda it: bool(it.agreement.summary and it.agreement.annex),
    },
    "S4": {
        "issue splitting": lambda it: it.did("raise_issue", "raise_issue", "sever_issue"),
        "mixed urgency": mixed_urgency,
        "partial settlement": lambda it: it.case.outcome == "settled in part" and it.one(items.Issue, "severed"),
        "contested verification": lambda it: it.did("contest_obligation", "replan_obligation", "verify_obligation"),
        "community stakeholder": community,
    },
    "S5": {
        "safety fast track": lambda it: it.did("pause_for_safety", "review_safety", "agree", "resume"),
        "stay": stay,
        "shuttle": shuttle,
        "non-organisation party": lambda it: any(one.organisation == "" for one in it.deciding),
        "reopen": lambda it: it.did("close", "reopen", "close") and it.case.cycle == 2,
    },
    "S7": {
        "hours not days": hours_not_days,
        "collision object": collision,
        "appeal inside the case": lambda it: it.did("appeal_ranking", "rank_as_committee", "accept_ranking"),
        "disputed facts later corrected": corrected_facts,
    },
    "S8": {
        "many obligations": lambda it: len(it.case.all(items.Obligation, "verified")) > 14,
        "cross-verification": cross_verified,
        "automatic breach": lambda it: it.did("miss_obligation", "miss_obligation", who=player.CLOCK),
        "step-in clause": lambda it: "step_in" in it.agreement.clauses and it.did("miss_obligation", "step_in"),
    },
}
ENDED = {
    "S1": "settled: decided at tier T3 (Senior representatives), after mediation",
    "S2": "settled: agreed in mediation",
    "S3": "settled: agreed directly between the parties",
    "S4": "settled in part: agreed in mediation",
    "S5": "settled: agreed directly between the parties",
    "S7": "settled: decided at tier T2 (Joint committee)",
    "S8": "settled: agreed in mediation",
}


@pytest.fixture(scope="module", params=NAMES)
def played(request: pytest.FixtureRequest) -> Played:
    """Returns each scenario, played once."""
    scenario = scenarios.load_shipped(str(request.param))
    process = load.load_shipped(scenario.process, vocabulary=vocabulary.shipped())
    world = Paper(process, working_time.shipped_calendars(), start=scenario.start)
    return Played(scenario, process, world, tuple(player.play(scenario, world)))


def test_a_scenario_shows_every_feature_it_is_there_for(played: Played) -> None:
    assert [name for name, proof in FEATURES[played.scenario.id].items() if not proof(played)] == []


def test_a_case_says_how_it_ended(played: Played) -> None:
    assert endings.how_it_ended(played.process, played.case) == ENDED[played.scenario.id]


def test_the_features_are_those_of_the_scenarios_as_they_were_given(shared_data: Path) -> None:
    text = (shared_data.parent / "scenarios" / "scenarios.md").read_text(encoding="utf-8")
    assert {name: set(listed.split(", ")) for name, listed in LISTED.findall(text)} == {
        name: set(features) for name, features in FEATURES.items()
    }
