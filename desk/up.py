"""What `parley up` keeps running on one machine: Prefect's server, the flow runner, a local mailbox and the desk."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from desk import supervisor
from desk.demo import PERSONAS
from desk.supervisor import Child
from flows import engine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cases.people import Directory, Person
    from config.settings import Settings

LOOPBACK = engine.LOOPBACK
POOL = "parley"
DESK, MAILBOX, PREFECT, FLOWS, INTAKE = "desk", "mailbox", "prefect", "flows", "intake"
MAILDIR = "mailbox"
LOGS = "logs"
TICK_SECONDS = "15"
MOST_LINKS = 10
PATIENCE = 120.0
"""Seconds until Prefect is called slow: its first start lays out a database of its own."""

WORDS = {
    DESK: "the desk",
    MAILBOX: "the local mailbox",
    PREFECT: "Prefect's server",
    FLOWS: "the clockwork",
    INTAKE: "the intake of mail",
}
"""What each child is called when people are told of it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child listens: its port, who wants it, and the option that chooses another."""

    port: int
    what: str
    choose: str
    host: str = LOOPBACK


def has_mailbox(settings: Settings) -> bool:
    """Tell whether mails go to the local mailbox, because no mail server is set."""
    return not settings.smtp_host


def takes_in_mail(settings: Settings) -> bool:
    """Tell whether mail that comes back is taken in over LMTP."""
    return bool(settings.inbound and settings.inbound_lmtp_port)


def maildir(settings: Settings) -> Path:
    """Name the folder in which the local mailbox keeps its mails."""
    return settings.data_folder / MAILDIR


def logs(settings: Settings) -> Path:
    """Name the folder that gets one log for each child."""
    return settings.data_folder / LOGS


def places(settings: Settings, *, prefect: bool) -> tuple[Place, ...]:
    """List where the children will listen."""
    found = [Place(settings.desk_port, "the desk", "--port or PARLEY_DESK_PORT", settings.desk_host)]
    if has_mailbox(settings):
        found.append(Place(settings.mailbox_port, "the local mailbox", "--mailbox-port or PARLEY_MAILBOX_PORT"))
    if takes_in_mail(settings):
        choose = "PARLEY_INBOUND_LMTP_PORT"
        found.append(Place(settings.inbound_lmtp_port, "the intake of mail", choose, settings.inbound_lmtp_host))
    if prefect:
        found.append(Place(settings.prefect_port, "Prefect's server", "--prefect-port or PARLEY_PREFECT_PORT"))
    return tuple(found)


def ensure_free(wanted: Sequence[Place]) -> None:
    """Make sure that nobody listens where a child should. Raises `PortTaken`."""
    for place in wanted:
        supervisor.ensure_free(place.port, what=place.what, choose=place.choose, host=place.host)


def children(settings: Settings, *, prefect: bool) -> tuple[Child, ...]:
    """List the children to keep alive; without Prefect, a plain ticker does the work of its flows."""
    env = {**os.environ, **environment(settings)}
    return tuple(_children(settings, env, prefect=prefect))


def environment(settings: Settings) -> Mapping[str, str]:
    """Give what the children must know of this run, so that options of the command line reach them."""
    return {
        "PARLEY_DATA_FOLDER": str(settings.data_folder.resolve()),
        "PARLEY_DESK_HOST": settings.desk_host,
        "PARLEY_SECOND_FACTOR_REQUIRED": str(settings.second_factor_required).lower(),
        "PARLEY_DESK_PORT": str(settings.desk_port),
        "PARLEY_MAILBOX_PORT": str(settings.mailbox_port),
        "PARLEY_PREFECT_PORT": str(settings.prefect_port),
        "PYTHONUNBUFFERED": "1",
    }


def has_started_prefect(settings: Settings) -> bool:
    """Tell whether Prefect has laid out its own database in the data folder before."""
    return (settings.data_folder / "prefect").exists()


def prefect_address(settings: Settings) -> str:
    """Give the address of Prefect's own page."""
    return f"http://{LOOPBACK}:{settings.prefect_port}"


def _children(settings: Settings, env: Mapping[str, str], *, prefect: bool) -> Iterator[Child]:
    if has_mailbox(settings):
        yield _mailbox(settings, env)
    if takes_in_mail(settings):
        reached = _reached_at(settings.inbound_lmtp_host)
        ready = supervisor.accepts(settings.inbound_lmtp_port, host=reached)
        yield Child(name=INTAKE, argv=_module("notifications.lmtp"), env=env, ready=ready)
    alive = supervisor.answers(f"http://{_reached_at(settings.desk_host)}:{settings.desk_port}/alive")
    yield Child(name=DESK, argv=_module("desk.app"), env=env, ready=alive)
    if prefect:
        yield from _scheduled(settings, env)
    else:
        ticker = _module("desk.cli", "tick", "--every", TICK_SECONDS)
        yield Child(name=FLOWS, argv=ticker, env=env, ready=lambda: True)


def _mailbox(settings: Settings, env: Mapping[str, str]) -> Child:
    options = ("--maildir", str(maildir(settings)), "--port", str(settings.mailbox_port))
    ready = supervisor.accepts(settings.mailbox_port)
    return Child(name=MAILBOX, argv=_module("notifications.mailbox", *options), env=env, ready=ready)


def _scheduled(settings: Settings, env: Mapping[str, str]) -> Iterator[Child]:
    """Prefect's server, and the worker that lays out its deployments there and runs them."""
    settled = {**env, **engine.engine_environment(settings.data_folder, api_port=settings.prefect_port)}
    server = _module("prefect", "server", "start")
    healthy = supervisor.answers(engine.health_url(settings.prefect_port))
    yield Child(name=PREFECT, argv=server, env=settled, ready=healthy, patience=PATIENCE)
    laid_out = supervisor.answers(f"{prefect_address(settings)}/api/work_pools/{POOL}")
    worker = _module("flows.worker")
    yield Child(name=FLOWS, argv=worker, env=settled, ready=laid_out, patience=PATIENCE, after=frozenset({PREFECT}))


def _reached_at(host: str) -> str:
    """Name the address at which this machine reaches what listens at `host`; everywhere includes loopback."""
    return LOOPBACK if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - compared with, not bound to


def _module(name: str, *options: str) -> tuple[str, ...]:
    return (sys.executable, "-m", name, *options)


def first_people(directory: Directory) -> tuple[tuple[Person, str], ...]:
    """Name who should be let in first, and why: the demo's people, those who hold an office, or a few of all."""
    there = directory.people(persona.person for persona in PERSONAS)
    demo = [(there[persona.person], persona.shows) for persona in PERSONAS if persona.person in there]
    everyone = [person for person in directory.everyone() if person.active and person.id not in there]
    offices = [(person, ", ".join(person.offices)) for person in everyone if person.offices]
    others = offices or [(person, "on file") for person in everyone if not demo]
    return (*demo, *others[:MOST_LINKS])
