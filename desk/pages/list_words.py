"""What stands around a list: its total, the choices of its filters, its order, and the views that were saved of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from cases import lists
from cases.queries import Waits
from cases.saved_views import SavedViews
from desk import file_words
from states.said import count, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cases.saved_views import SavedView
    from desk.asked_lists import CasesAsked, MailsAsked
    from desk.visits import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """The addresses around a list: of itself, of the page after this one, and of one's saved views."""

    path: str
    said: Mapping[str, str]
    here: str
    next: str
    views: tuple[SavedView, ...]

    def sorted_by(self, name: str) -> str:
        """Give the address of the list in the order of a column, or the other way round if it has that already."""
        order = f"-{name}" if self.said.get("sort") == name else name
        return f"{self.path}?{urlencode({**self.said, 'sort': order})}"

    def order(self, name: str) -> str:
        """Say how a column orders the list, as `aria-sort` does."""
        return {name: "ascending", f"-{name}": "descending"}.get(self.said.get("sort", ""), "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the filters of the list of cases offer, each by its value in the address."""

    stages: Mapping[str, str]
    phases: Mapping[str, str]
    processes: Mapping[str, str]
    tiers: Mapping[str, str]
    mediators: Mapping[str, str]
    urgencies: Mapping[str, str]
    waits: Mapping[str, str]


WAITS: Mapping[str, str] = {
    Waits.ME: say("Me"),
    Waits.OTHERS: say("Others"),
    Waits.NOBODY: say("Nobody: no clock runs"),
}


def bar(visit: Visit, path: str, asked: CasesAsked | MailsAsked, *, after: str | None) -> Bar:
    """Find the addresses around a list."""
    said = asked.said
    here = f"{path}?{urlencode(said)}" if said else path
    views = tuple(view for view in SavedViews(visit.desk.record.engine, visit.person.id).every() if _is_of(view, path))
    return Bar(
        path=path,
        said=said,
        here=here,
        next=f"{path}?{urlencode(said | {'after': after})}" if after else "",
        views=views,
    )


def choices(visit: Visit) -> Choices:
    """Collect what may be chosen: of the processes on offer, and of who mediates the person's cases."""
    record = visit.desk.record
    offered = [record.registry.current(name) for name in record.registry.names()]
    return Choices(
        stages={stage.name: stage.label for process in offered for stage in process.stages.values()},
        phases={name: label for process in offered for name, label in process.phases.items()},
        processes={process.name: process.title for process in offered},
        tiers={name: tier.label for process in offered for name, tier in process.tiers.items()},
        mediators=lists.mediators(record, visit.viewer),
        urgencies=file_words.URGENCIES,
        waits=WAITS,
    )


def total_of_cases(counted: int) -> str:
    """Say how many cases fit."""
    if counted > lists.MOST_COUNTED:
        return say("more than %(count)s cases", count=lists.MOST_COUNTED)
    return count("%(count)s case", "%(count)s cases", count=counted)


def _is_of(view: SavedView, path: str) -> bool:
    return view.address.partition("?")[0] == path
