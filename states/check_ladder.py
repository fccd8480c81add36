"""Checks who hears that the matter goes up the ladder: whoever is asked, and whoever the tier says is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import findings, questions
from states.findings import Finding
from states.process import AT_LEAST, TIER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from states.findings import Vocabulary
    from states.process import Process, Tier, Trigger

_UP = frozenset({"up", questions.ASKED, questions.REQUEST})


def untold_climbs(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that may raise the tier, or begin a question to one, and mail nobody of those asked or those told."""
    for trigger in process.triggers.values():
        heard = {who for name in trigger.mails if name in process.mails for who in process.mails[name].to}
        for text in _untold(process, trigger, heard):
            yield Finding(trigger.line, f"trigger {trigger.name}", text)


def unheard_calls(process: Process, _vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find acts that put the matter to a tier and call people beside it, of which only the first would be done."""
    for trigger in process.triggers.values():
        if trigger.calls is not None and (trigger.tier or trigger.question):
            text = "an act that puts the matter to a tier calls its people; leave “calls” out, or the tier as it is"
            yield Finding(trigger.line, f"trigger {trigger.name}", text)


def _untold(process: Process, trigger: Trigger, heard: set[str]) -> Iterator[str]:
    tiers = {tier.name: tier for word in (trigger.tier, trigger.question) for tier in _reached(process, word)}
    # A request never goes up by itself: whoever is asked hears of it once the brief has left.
    asked = [] if trigger.question == questions.REQUEST else tiers.values()
    silent = [tier.name for tier in asked if not _hear(tier.roles, heard, word=TIER)]
    if silent:
        yield (
            f"it may put the matter to {', '.join(silent)}, and who is asked there gets no mail; add one to “{TIER}”"
        )
    untold = [tier.name for tier in tiers.values() if not _hear(tier.informs, heard, word=findings.INFORMED)]
    if untold:
        yield (
            f"it may put the matter to {', '.join(untold)}, and those whom its “informs” names get no mail; "
            f"add one to “{findings.INFORMED}”"
        )


def _hear(named: tuple[str, ...], heard: set[str], *, word: str) -> bool:
    return word in heard or heard.issuperset(named)


def _reached(process: Process, word: str | None) -> list[Tier]:
    """List the tiers above the lowest to which the words of an act may lead."""
    tiers = list(process.tiers.values())
    if word in _UP:
        return tiers[1:]
    name = (word or "").removeprefix(AT_LEAST)
    height = list(process.tiers).index(name) if name in process.tiers else 0
    return tiers[height : None if word != name else height + 1] if height else []
