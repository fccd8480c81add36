"""How clocks, agreements and mails fared, as pictures with their tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases import report_clocks
from desk.drawing.bars import Bar, Part
from desk.drawing.pen import BAD, OK, WARN
from desk.drawing.sheet import Sheet
from desk.pages import report_bars
from states.said import count, say

if TYPE_CHECKING:
    from cases.reports import Basis, Number
    from desk.drawing.sheet import Cell
    from desk.words import Words
    from states.said import Said


def on_time(on: Basis, words: Words) -> Sheet:
    """Draw how many clocks ended in time."""
    title, clocks = say("Clocks that ended in time"), report_clocks.on_time(on)
    drawn = [
        Bar(
            one.duty,
            report_bars.share(one.in_time, one.in_time + one.ran_out, words),
            (
                Part(one.in_time / (one.in_time + one.ran_out), OK, say("in time: %(count)s", count=one.in_time)),
                Part(one.ran_out / (one.in_time + one.ran_out), WARN, say("ran out: %(count)s", count=one.ran_out)),
            ),
        )
        for one in sorted(clocks, key=lambda one: -(one.ran_out or 0))
        if one.in_time is not None and one.ran_out is not None
    ][: report_bars.MOST]
    return Sheet(
        name="on-time",
        title=title,
        note=say(
            "A clock ends in time when what it asks for is done, or no longer needed, before it runs out. "
            "For some of them silence is an answer. Drawn are those that ran out most often; the table has all."
        ),
        columns=(say("What was asked"), say("Process"), say("In time"), say("Ran out"), say("On time")),
        rows=tuple(
            (one.duty, one.process, one.in_time, one.ran_out, report_bars.rate(one.in_time, one.ran_out, words))
            for one in clocks
        ),
        drawing=report_bars.bars(
            drawn, words, title=title, description=say("One bar for each duty: in time, then ran out."), most=1
        ),
        legend=((OK, say("in time")), (WARN, say("ran out"))),
        empty=report_bars.NOTHING,
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
            report_bars.share(one.kept, one.kept + one.broken, words),
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
        *((label, one.kept, one.broken, report_bars.rate(one.kept, one.broken, words)) for label, one in kept),
        *((label, number, "", "") for label, number in figures),
    )
    return Sheet(
        name="durability",
        title=title,
        note=say("Of the agreements that are old enough: no promise broken, and the case not opened again, by then."),
        columns=(say("Figure"), say("Number"), say("Not kept"), say("Share")),
        rows=rows if found.agreements != 0 else (),
        drawing=report_bars.bars(
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
            report_bars.share(one.sent, one.sent + one.waiting + one.undelivered, words),
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
    ][: report_bars.MOST]
    return Sheet(
        name="deliveries",
        title=title,
        note=say("Drawn are the domains to which most was not delivered; the table has all."),
        columns=(say("Domain"), say("Delivered"), say("Waiting"), say("Not delivered")),
        rows=tuple((one.domain, one.sent, one.waiting, one.undelivered) for one in domains),
        drawing=report_bars.bars(drawn, words, title=title, description=say("One bar for each domain."), most=1),
        legend=((OK, say("delivered")), (WARN, say("waiting")), (BAD, say("not delivered"))),
        empty=say("No mail about the cases you run was written in this time."),
    )
