"""Journeys at the desk: every kind of act of every scenario can be done by a form and a page to check."""

from __future__ import annotations

import re
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cases.people import Directory
from cases.receipts import Receipt
from cases.record import Record, open_record
from cases.service import CaseService
from config import scenarios
from config.clock import SimulatedClock
from config.settings import Settings
from desk import player
from desk.live import Live
from states import errors
from tests.desk.house import Front, House, form_of, serving
from tests.journeys.test_scenarios import LETTERHEAD
from tests.stores import store_in

if TYPE_CHECKING:
    import httpx

    from cases.commands import ActOnCase

MACHINE_WORDS = re.compile(r"\b[a-z]+_[a-z_]+\b")
"""What no page says to a person: words of the program."""


class AtTheDesk(CaseService):
    """A service whose acts go to the page to check at their first time; `surprises` is where pages and rules differ."""

    def __init__(self, record: Record, front: Front) -> None:
        """Sit down at a desk over the record."""
        super().__init__(
            record.engine,
            registry=record.registry,
            calendars=record.calendars,
            clock=front.house.clock,
            files=record.files,
        )
        self._front = front
        self._tried: set[str] = set()
        self.surprises: list[str] = []

    def act(self, command: ActOnCase) -> Receipt:
        """Does what the pages lead to."""
        if command.trigger in self._tried:
            return super().act(command)
        in_the_way = self._on_the_pages(command)
        try:
            receipt = super().act(command)
        except errors.Refused:
            if not in_the_way:
                self.surprises.append(f"{command.trigger}: the pages lead to what is refused")
            raise
        self._tried.add(command.trigger)
        if in_the_way:
            self.surprises.append(f"{command.actor.person} {command.trigger}: {in_the_way}")
        return receipt

    def _on_the_pages(self, command: ActOnCase) -> str:
        """Fills in the form of an act; returns what stands in its way, empty when the page to check offers it."""
        address = f"/cases/{command.case_id}/acts/{command.trigger}"
        with self._front.client(command.actor.person) as person:
            form = person.get(address)
            if form.status_code != HTTPStatus.OK:
                return f"no form ({form.status_code})"
            checked = person.post(f"{address}/check", data={**form_of(form.text), **_typed(command)})
        for page in (form.text, checked.text):
            said = re.sub(r"<(script|style|textarea).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)
            self.surprises += [f"{command.trigger}: a page says “{word}”" for word in MACHINE_WORDS.findall(said)]
        return "" if re.search(rf'action="/cases/[^"/]+/acts/{command.trigger}"', checked.text) else _refusal(checked)


def _typed(command: ActOnCase) -> dict[str, str | list[str]]:
    return {
        name: [str(one) for one in value] if isinstance(value, tuple | list) else str(value)
        for name, value in command.inputs.items()
    }


def _refusal(page: httpx.Response) -> str:
    told = re.search(r'role="alert".*?</(?:ul|p|div)>', page.text, re.DOTALL)
    return re.sub(r"<[^>]*>|\s+", " ", told[0]) if told else f"another page ({page.status_code})"


class Visitors(Live):
    """A world in which everybody acts at the desk."""

    def __init__(self, record: Record, front: Front) -> None:
        """Begin like every live world."""
        super().__init__(record, LETTERHEAD, front.house.clock)
        self.seats = AtTheDesk(record, front)
        self._service = self.seats


@pytest.mark.parametrize("name", tuple(scenarios.shipped_scenarios()))
def test_every_kind_of_act_has_a_form_that_leads_to_a_page_to_check(name: str, tmp_path: Path) -> None:
    scenario = scenarios.load_shipped(name)
    record = open_record(f"sqlite:///{tmp_path / 'parley.db'}", now=scenario.start, files=store_in(tmp_path))
    clock = SimulatedClock(scenario.start)
    house = House(
        record,
        record.service(clock),
        Directory(record.engine),
        clock,
        Settings(data_folder=tmp_path, second_factor_required=False),
    )
    with serving(house) as front:
        world = Visitors(record, front)
        for _ in player.play(scenario, world):
            pass
    record.engine.dispose()
    assert world.seats.surprises == []
