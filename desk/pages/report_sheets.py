"""The reports as pictures with their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import reports
from desk.drawing.bars import Bar, Part
from desk.drawing.pen import ACCENT, BAD, OK, QUIET, WARN
from desk.drawing.sheet import FEW, Sheet
from desk.pages import fate_sheets, report_bars
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.reports import Basis
    from desk.words import Words

AGES = (say("up to a week"), say("up to 30 days"), say("up to 90 days"), say("older"))
_FILLS = (QUIET, ACCENT, WARN, BAD)


def case_sheets(on: Basis, words: Words) -> Iterator[Sheet]:
    """Yield what is counted of cases from what all their parties share."""
    yield caseload(on, words)
    yield time_in_stage(on, words)
    yield fate_sheets.on_time(on, words)
    yield escalations(on, words)
    yield endings(on, words)
    yield fate_sheets.durability(on, words)


def caseload(on: Basis, words: Words) -> Sheet:
    """Draw the open cases by stage and age."""
    title, loads = say("Open cases by stage and age"), reports.caseload(on)
    drawn = [
        (
            one.process,
            Bar(
                one.stage,
                report_bars.figure(report_bars.total(one.ages), words),
                tuple(
                    Part(number or 0, fill, say("%(age)s: %(count)s", age=age, count=number or 0))
                    for number, fill, age in zip(one.ages, _FILLS, AGES, strict=True)
                ),
            ),
        )
        for one in loads
    ]
    return Sheet(
        name="caseload",
        title=title,
        note=say("Cases that were open at the end of the time asked about, by the time since they were opened."),
        columns=(say("Stage"), say("Process"), *AGES, say("All")),
        rows=tuple((one.stage, one.process, *one.ages, report_bars.total(one.ages)) for one in loads),
        drawing=report_bars.bars(
            report_bars.headed(drawn, words), words, title=title, description=say("One bar for each stage, by age.")
        ),
        legend=tuple(zip(_FILLS, AGES, strict=True)),
        empty=say("No case that is counted was open then."),
    )


def time_in_stage(on: Basis, words: Words) -> Sheet:
    """Draw how long cases stay at each stage."""
    title, times = say("Time in each stage"), reports.time_in_stage(on)
    drawn = [
        (
            one.process,
            Bar(
                one.stage,
                words.span(one.half),
                (
                    Part(
                        one.half.total_seconds(), ACCENT, say("half of them within %(time)s", time=words.span(one.half))
                    ),
                    Part(
                        (one.most - one.half).total_seconds(),
                        QUIET,
                        say("nine of ten within %(time)s", time=words.span(one.most)),
                    ),
                ),
            ),
        )
        for one in times
        if one.half is not None and one.most is not None
    ]
    return Sheet(
        name="time-in-stage",
        title=title,
        note=say("How long cases stayed at a stage until they left it: the median, and what nine of ten kept within."),
        columns=(say("Stage"), say("Process"), say("Times"), say("Median"), say("Nine of ten within")),
        rows=tuple(
            (
                one.stage,
                one.process,
                one.times,
                FEW if one.half is None else words.span(one.half),
                FEW if one.most is None else words.span(one.most),
            )
            for one in times
        ),
        drawing=report_bars.bars(
            report_bars.headed(drawn, words), words, title=title, description=say("One bar for each stage.")
        ),
        legend=((ACCENT, say("median")), (QUIET, say("nine of ten"))),
        empty=report_bars.NOTHING,
    )


def escalations(on: Basis, words: Words) -> Sheet:
    """Draw how often questions climbed, to which tier and why."""
    title, climbs = say("Escalations by tier and cause"), reports.escalations(on)
    named = [(one, one.act or say("for a reason that is not shared")) for one in climbs]
    drawn = [
        Bar(
            say("%(tier)s: %(why)s", tier=one.tier, why=why),
            report_bars.figure(one.times, words),
            (Part(one.times or 0, WARN, say("%(why)s: %(count)s", why=why, count=one.times or 0)),),
        )
        for one, why in named
    ]
    return Sheet(
        name="escalations",
        title=title,
        columns=(say("Tier"), say("Because of"), say("Process"), say("Times")),
        rows=tuple((one.tier, why, one.process, one.times) for one, why in named),
        drawing=report_bars.bars(drawn, words, title=title, description=say("One bar for each tier and cause.")),
        empty=report_bars.NOTHING,
    )


def endings(on: Basis, words: Words) -> Sheet:
    """Draw how cases ended."""
    title, ended = say("How cases ended"), reports.endings(on)
    drawn = [
        Bar(
            say(one.outcome),
            report_bars.figure(one.cases, words),
            (Part(one.cases or 0, _tone(one.outcome), say(one.outcome)),),
        )
        for one in ended
    ]
    return Sheet(
        name="endings",
        title=title,
        columns=(say("Outcome"), say("Cases")),
        rows=tuple((say(one.outcome), one.cases) for one in ended),
        drawing=report_bars.bars(drawn, words, title=title, description=say("One bar for each outcome.")),
        empty=report_bars.NOTHING,
    )


def _tone(outcome: str) -> str:
    return OK if outcome.startswith("settled") else ACCENT
