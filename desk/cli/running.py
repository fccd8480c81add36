"""`parley up` and `parley tick`: keep everything running on one machine, or let the clockwork beat by hand."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from config.settings import Settings
    from desk.supervisor import Report
    from notifications.office import Office

MOST_ROUNDS = 100


def up(  # noqa: PLR0913 - each is an option of the command
    *,
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration cases, if they are not there.")] = False,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where the desk listens.")] = None,
    mailbox_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where the mailbox listens.")] = None,
    prefect_port: Annotated[int | None, typer.Option(min=1, max=65535, help="Where Prefect listens.")] = None,
    prefect: Annotated[bool, typer.Option(help="Schedule with Prefect, or with a plain ticker.")] = True,
    as_json: AsJson = False,
) -> None:
    """Start everything on this machine, keep it running, and stop it all on Ctrl-C."""
    from desk import supervisor
    from desk import up as stack

    chosen = front.settings(desk_port=port, mailbox_port=mailbox_port, prefect_port=prefect_port)
    stack.ensure_free(stack.places(chosen, prefect=prefect))
    chosen.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    voice = _Voice(as_json=as_json)
    voice.say("preparing", f"the record is in {chosen.data_folder.resolve()}")
    at = front.office(chosen)
    if demo:
        _load_demo(at, voice)
    greeting = _Greeting(at, voice, prefect=prefect)
    supervisor.supervise(
        stack.children(chosen, prefect=prefect), logs=stack.logs(chosen), tell=greeting.hear, on_ready=greeting.all_run
    )
    voice.say("stopped", "everything has stopped")


def tick(
    *,
    until_idle: Annotated[bool, typer.Option("--until-idle", help="Go on until nothing is due.")] = False,
    deliver: Annotated[bool, typer.Option(help="Send mails as well.")] = True,
    every: Annotated[float | None, typer.Option(min=0.1, help="Go on for ever, with so many seconds between.")] = None,
    as_json: AsJson = False,
) -> None:
    """Let the clockwork beat once without Prefect: fire what is due, check what was agreed, send the mails."""
    at = front.office()
    if every is not None:
        _tick_for_ever(at, deliver=deliver, every=every)
        return
    counts = _beat(at, deliver=deliver)
    if until_idle:
        counts += _beat_until_idle(at, counts, deliver=deliver)
    if as_json:
        output.emit(dict(counts))
        return
    output.say(_counted(counts) or "nothing was due")


def _beat(at: Office, *, deliver: bool) -> Counter[str]:
    """Do each heartbeat once."""
    from flows import heartbeats

    beats = [heartbeats.fire_due_timers, heartbeats.check_follow_ups, heartbeats.keep_house]
    if deliver:
        beats.append(heartbeats.deliver_due)
    return sum((Counter(beat(at)) for beat in beats), Counter())


def _beat_until_idle(at: Office, first: Counter[str], *, deliver: bool) -> Counter[str]:
    total, last = Counter[str](), first
    for _ in range(MOST_ROUNDS):
        if not last:
            break
        last = _beat(at, deliver=deliver)
        total += last
    return total


def _tick_for_ever(at: Office, *, deliver: bool, every: float) -> None:
    """Beat until told to stop; a beat that is cut short is taken up by the next one, so nothing is lost."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ended = threading.Event()
    with contextlib.suppress(KeyboardInterrupt):
        while not ended.wait(every):
            counts = _beat(at, deliver=deliver)
            if counts:
                output.say(_counted(counts))


def _counted(counts: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _load_demo(at: Office, voice: _Voice) -> None:
    from desk import demo

    voice.say("preparing", "playing the demonstration cases up to now; this takes some seconds the first time")
    demo.load_demo(at.record, at.service, at.clock, now=at.clock.now())


class _Voice:
    """Says what happens: a line for people, or an object a line for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def say(self, event: str, text: str, **more: str) -> None:
        """Say one thing."""
        if self._as_json:
            output.emit_line({"event": event, "text": text, **more})
        else:
            output.say(text)


class _Greeting:
    """Tells people of the children, and hands out addresses and links as soon as the desk answers."""

    def __init__(self, at: Office, voice: _Voice, *, prefect: bool) -> None:
        self._at = at
        self._voice = voice
        self._prefect = prefect
        self._greeted = False

    def hear(self, report: Report) -> None:
        """Pass on a report of the supervisor."""
        from desk import up as stack

        detail = f": {report.detail}" if report.detail else ""
        self._voice.say(report.stage, f"{stack.WORDS[report.name]} {_VERBS[report.stage]}{detail}", name=report.name)
        if report.name == stack.DESK and report.stage == "healthy" and not self._greeted:
            self._greeted = True
            self._greet(self._at.settings)

    def all_run(self) -> None:
        """Say that everything runs."""
        from desk import up as stack

        if self._prefect:
            address = stack.prefect_address(self._at.settings)
            self._voice.say("address", f"Prefect's page, with every run: {address}", url=address)
        self._voice.say("ready", "everything runs; Ctrl-C stops it all")

    def _greet(self, settings: Settings) -> None:
        self._voice.say("address", f"the desk: {settings.base_url}", url=settings.base_url)
        if not settings.smtp_host:
            url = f"{settings.base_url}/mailbox"
            self._voice.say("address", f"the mails, kept in a mailbox on this machine: {url}", url=url)
        for name, link in links(self._at).items():
            self._voice.say("sign-in", f"sign in as {name}: {link}", person=name, url=link)


def links(at: Office) -> Mapping[str, str]:
    """Make one-time links for those who should look first: the demo's people, else who holds an office."""
    from cases import sign_in
    from desk import up as stack

    found: dict[str, str] = {}
    for person in stack.first_people(at.directory):
        token = sign_in.make_link(at.record.engine, person.id, now=at.clock.now())
        found[person.name] = f"{at.settings.base_url}/sign-in/{token}"
    return found


_VERBS = {
    "starting": "is starting",
    "healthy": "is up",
    "slow": "is slow",
    "died": "died",
    "stopped": "has stopped",
}
