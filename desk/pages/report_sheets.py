"""The reports as pictures with their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import report_clocks, reports
from desk.drawing import bars
from desk.drawing.bars import Bar, Part
from desk.drawing.pen import ACCENT, BAD, OK, QUIET, WARN, Pen
from desk.drawing.sheet import FEW, NO_DRAWING, Sheet
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markupsafe import Markup

    from cases.reports import Basis, Number
    from desk.drawing.sheet import Cell
    from desk.words import Words
    from states.said import Said

AGES = (say("up to a week"), say("up to 30 days"), say("up to 90 days"), say("older"))
_FILLS = (QUIET, ACCENT, WARN, BAD)
MOST_BARS = 12
"""How many bars one picture has where each is a thing of its own; its table has all."""
_NOTHING = say("Nothing of this kind happened in the cases that are counted.")


def case_sheets(on: Basis, words: Words) -> Iterator[Sheet]:
    """Yield what is counted of cases from what all their parties share."""
    yield caseload(on, words)
    yield time_in_stage(on, words)
    yield on_time(on, words)
    yield escalations(on, words)
    yield endings(on, words)
    yield durability(on, words)


def caseload(on: Basis, words: Words) -> Sheet:
    """Draw the open cases by stage and age."""
    title, loads = say("Open cases by stage and age"), reports.caseload(on)
    drawn = [
        (
            one.process,
            Bar(
                one.stage,
                _figure(_total(one.ages), words),
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
        rows=tuple((one.stage, one.process, *one.ages, _total(one.ages)) for one in loads),
        drawing=_bars(_headed(drawn, words), words, title=title, description=say("One bar for each stage, by age.")),
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
        drawing=_bars(_headed(drawn, words), words, title=title, description=say("One bar for each stage.")),
        legend=((ACCENT, say("median")), (QUIET, say("nine of ten"))),
        empty=_NOTHING,
    )


def on_time(on: Basis, words: Words) -> Sheet:
    """Draw how many clocks ended in time."""
    title, clocks = say("Clocks that ended in time"), report_clocks.on_time(on)
    drawn = [
        Bar(
            one.duty,
            _share(one.in_time, one.in_time + one.ran_out, words),
            (
                Part(one.in_time / (one.in_time + one.ran_out), OK, say("in time: %(count)s", count=one.in_time)),
                Part(one.ran_out / (one.in_time + one.ran_out), WARN, say("ran out: %(count)s", count=one.ran_out)),
            ),
        )
        for one in sorted(clocks, key=lambda one: -(one.ran_out or 0))
        if one.in_time is not None and one.ran_out is not None
    ][:MOST_BARS]
    return Sheet(
        name="on-time",
        title=title,
        note=say(
            "A clock ends in time when what it asks for is done, or no longer needed, before it runs out. "
            "For some of them silence is an answer. Drawn are those that ran out most often; the table has all."
        ),
        columns=(say("What was asked"), say("Process"), say("In time"), say("Ran out"), say("On time")),
        rows=tuple(
            (one.duty, one.process, one.in_time, one.ran_out, _rate(one.in_time, one.ran_out, words)) for one in clocks
        ),
        drawing=_bars(
            drawn, words, title=title, description=say("One bar for each duty: in time, then ran out."), most=1
        ),
        legend=((OK, say("in time")), (WARN, say("ran out"))),
        empty=_NOTHING,
    )


def escalations(on: Basis, words: Words) -> Sheet:
    """Draw how often questions climbed, to which tier and why."""
    title, climbs = say("Escalations by tier and cause"), reports.escalations(on)
    named = [(one, one.act or say("for a reason that is not shared")) for one in climbs]
    drawn = [
        Bar(
            say("%(tier)s: %(why)s", tier=one.tier, why=why),
            _figure(one.times, words),
            (Part(one.times or 0, WARN, say("%(why)s: %(count)s", why=why, count=one.times or 0)),),
        )
        for one, why in named
    ]
    return Sheet(
        name="escalations",
        title=title,
        columns=(say("Tier"), say("Because of"), say("Process"), say("Times")),
        rows=tuple((one.tier, why, one.process, one.times) for one, why in named),
        drawing=_bars(drawn, words, title=title, description=say("One bar for each tier and cause.")),
        empty=_NOTHING,
    )


def endings(on: Basis, words: Words) -> Sheet:
    """Draw how cases ended."""
    title, ended = say("How cases ended"), reports.endings(on)
    drawn = [
        Bar(say(one.outcome), _figure(one.cases, words), (Part(one.cases or 0, _tone(one.outcome), say(one.outcome)),))
        for one in ended
    ]
    return Sheet(
        name="endings",
        title=title,
        columns=(say("Outcome"), say("Cases")),
        rows=tuple((say(one.outcome), one.cases) for one in ended),
        drawing=_bars(drawn, words, title=title, description=say("One bar for each outcome.")),
        empty=_NOTHING,
    )


def durability(on: Basis, words: Words) -> Sheet:
    """Draw how long agreements were kept."""
    title, found = say("How agreements last"), report_clocks.durability(on)
    kept = [
        (count("Kept after %(count)s day", "Kept after %(count)s days", count=one.after.days), one)
        for one in found.lasted
    ]
    drawn = [
        Bar(
            label,
            _share(one.kept, one.kept + one.broken, words),
            (
                Part(one.kept / (one.kept + one.broken), OK, say("kept: %(count)s", count=one.kept)),
                Part(one.broken / (one.kept + one.broken), BAD, say("not kept: %(count)s", count=one.broken)),
            ),
        )
        for label, one in kept
        if one.kept is not None and one.broken is not None and one.kept + one.broken
    ]
    figures: tuple[tuple[Said, Number], ...] = (
        (say("Agreements that came into force"), found.agreements),
        (say("Promises that were verified"), found.verified),
        (say("Promises that were broken at some time"), found.breached),
        (say("Cases that were opened again"), found.reopened),
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        *((label, one.kept, one.broken, _rate(one.kept, one.broken, words)) for label, one in kept),
        *((label, number, "", "") for label, number in figures),
    )
    return Sheet(
        name="durability",
        title=title,
        note=say("Of the agreements that are old enough: no promise broken, and the case not opened again, by then."),
        columns=(say("Figure"), say("Number"), say("Not kept"), say("Share")),
        rows=rows if found.agreements != 0 else (),
        drawing=_bars(
            drawn, words, title=title, description=say("One bar for each time: kept, then not kept."), most=1
        ),
        legend=((OK, say("kept")), (BAD, say("not kept"))),
        empty=say("No agreement came into force in the cases that are counted."),
    )


def deliveries(on: Basis, words: Words) -> Sheet:
    """Draw how the mails to each domain fared."""
    title, domains = say("Mails delivered, by domain"), report_clocks.deliveries(on)
    drawn = [
        Bar(
            one.domain,
            _share(one.sent, one.sent + one.waiting + one.undelivered, words),
            tuple(
                Part(number / (one.sent + one.waiting + one.undelivered), fill, says)
                for number, fill, says in (
                    (one.sent, OK, say("delivered: %(count)s", count=one.sent)),
                    (one.waiting, WARN, say("waiting: %(count)s", count=one.waiting)),
                    (one.undelivered, BAD, say("not delivered: %(count)s", count=one.undelivered)),
                )
            ),
        )
        for one in sorted(domains, key=lambda one: -(one.undelivered or 0))
        if one.sent is not None and one.waiting is not None and one.undelivered is not None
    ][:MOST_BARS]
    return Sheet(
        name="deliveries",
        title=title,
        note=say("Drawn are the domains to which most was not delivered; the table has all."),
        columns=(say("Domain"), say("Delivered"), say("Waiting"), say("Not delivered")),
        rows=tuple((one.domain, one.sent, one.waiting, one.undelivered) for one in domains),
        drawing=_bars(drawn, words, title=title, description=say("One bar for each domain."), most=1),
        legend=((OK, say("delivered")), (WARN, say("waiting")), (BAD, say("not delivered"))),
        empty=say("No mail about the cases you run was written in this time."),
    )


def _headed(drawn: list[tuple[str, Bar]], words: Words) -> list[Bar]:
    """Put the name of each process above its bars, where there are several."""
    processes = dict.fromkeys(process for process, _ in drawn)
    if len(processes) == 1:
        return [bar for _, bar in drawn]
    return [
        one
        for wanted in processes
        for one in (Bar(words.tell(wanted)), *(bar for process, bar in drawn if process == wanted))
    ]


def _bars(drawn: list[Bar], words: Words, *, title: str, description: str, most: float | None = None) -> Markup:
    return bars.draw(Pen(words), drawn, title=title, description=description, most=most) if drawn else NO_DRAWING


def _total(numbers: Iterable[Number]) -> Number:
    known = list(numbers)
    return None if None in known else sum(one for one in known if one is not None)


def _figure(number: Number, words: Words) -> str:
    return words.tell(FEW) if number is None else words.number(number)


def _share(part: int, whole: int, words: Words) -> str:
    return words.percent(part / whole)


def _rate(part: Number, rest: Number, words: Words) -> Cell:
    if part is None or rest is None:
        return None
    return _share(part, part + rest, words) if part + rest else ""


def _tone(outcome: str) -> str:
    return OK if outcome.startswith("settled") else ACCENT
