"""`parley up` and `parley tick`: keep everything running on one machine, or let the clockwork beat by hand."""

from __future__ import annotations

import contextlib
import itertools
import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from config.settings import Settings
    from desk.supervisor import Report
    from notifications.office import Office

    Heartbeat = Callable[[Office], dict[str, int]]

Counts = dict[str, int]
MOST_ROUNDS = 100
SELDOM = 40
"""Of so many beats, one also keeps house."""
ESCALATIONS, JOBS, DELIVERIES, ARRIVALS = "escalations", "jobs", "deliveries", "arrivals"


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
    if demo:
        # The links of the demonstration sign in its invented people at once, and the pages say so; its mails come at
        # whichever hour somebody looks.
        wanted = {"second_factor_required": False, "mail_hours": "00:00-24:00", "mail_on_working_days": False}
        chosen = chosen.model_copy(update={name: wanted[name] for name in wanted.keys() - chosen.model_fields_set})
    stack.ensure_free(stack.places(chosen, prefect=prefect))
    voice = _Voice(as_json=as_json)
    voice.say("preparing", f"the record is in {chosen.data_folder.resolve()}")
    at = front.office(chosen)
    if demo:
        _load_demo(at, voice)
    if prefect and not stack.has_started_prefect(chosen):
        voice.say("preparing", "Prefect's first start takes some ten seconds; the desk does not wait for it")
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
    done = _beat(at, _beats(deliver=deliver))
    for _ in range(MOST_ROUNDS if until_idle else 0):
        if not _worked(done):
            break
        done = _summed(done, _beat(at, _beats(deliver=deliver, seldom=False)))
    if as_json:
        output.emit(done)
        return
    output.say(_told(done) or "nothing was due")


def _beats(*, deliver: bool, seldom: bool = True) -> dict[str, Heartbeat]:
    """Name the heartbeats, in the order in which one makes work for the next; `seldom` takes those in that may wait."""
    from flows import heartbeats

    return {
        **({"housekeeping": heartbeats.keep_house} if seldom else {}),
        ARRIVALS: heartbeats.take_in_arrivals,
        ESCALATIONS: heartbeats.fire_due_timers,
        JOBS: heartbeats.do_jobs,
        **({"follow-ups": heartbeats.check_follow_ups} if seldom else {}),
        **({DELIVERIES: heartbeats.deliver_due} if deliver else {}),
    }


def _beat(at: Office, beats: Mapping[str, Heartbeat]) -> dict[str, Counts]:
    return {name: beat(at) for name, beat in beats.items()}


def _tick_for_ever(at: Office, *, deliver: bool, every: float) -> None:
    """Beat until told to stop; a beat that is cut short is taken up by the next one, so nothing is lost."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ended = threading.Event()
    with contextlib.suppress(KeyboardInterrupt):
        for number in itertools.count():
            done = _beat(at, _beats(deliver=deliver, seldom=number % SELDOM == 0))
            if _worked(done):
                output.say(_told(done))
            if ended.wait(every):
                return


def _load_demo(at: Office, voice: _Voice) -> None:
    from desk import demo

    voice.say("preparing", "playing the demonstration cases up to now; the first time this takes a while")
    loaded = demo.load_demo(at.record, at.mailroom.letterhead, now=at.clock.now())
    voice.say("preparing", f"the demonstration cases: {', '.join(one.number for one in loaded)}")


def _worked(done: Mapping[str, Counts]) -> bool:
    """Tell whether anything was fired, written or sent, so that more may be due now."""
    return any(count for name in (ESCALATIONS, JOBS, DELIVERIES) for count in done.get(name, {}).values())


def _summed(before: Mapping[str, Counts], after: Mapping[str, Counts]) -> dict[str, Counts]:
    return {
        name: {what: count + after.get(name, {}).get(what, 0) for what, count in counts.items()}
        for name, counts in before.items()
    }


def _told(done: Mapping[str, Counts]) -> str:
    """Say what was done: “escalations: 1 fired; deliveries: 2 written, 2 sent”."""
    parts = {name: [f"{count} {what}" for what, count in counts.items() if count] for name, counts in done.items()}
    return "; ".join(f"{name}: {', '.join(counts)}" for name, counts in parts.items() if counts)


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
        found = links(self._at)
        for name, link in found.items():
            self._voice.say("sign-in", f"sign in once as {name}: {link}", person=name, url=link)
        if not found:
            self._voice.say("sign-in", "nobody is on file yet: parley person add NAME E-MAIL --office administrator")


def links(at: Office) -> Mapping[str, str]:
    """Make one-time links for those who should look first: the demo's people, else who holds an office."""
    from cases import sign_in
    from cases.people import Audience
    from desk import up as stack

    found: dict[str, str] = {}
    for person, why in stack.first_people(at.directory):
        if person.audience is Audience.PORTAL:
            found[f"{person.name} ({why})"] = _way_into_portal(at, person.id)
            continue
        token = sign_in.make_link(at.record.engine, person.id, now=at.clock.now())
        found[f"{person.name} ({why})"] = f"{at.settings.base_url}/sign-in/{token}"
    return found


def _way_into_portal(at: Office, person: str) -> str:
    """Make a code for somebody of the demonstration who comes in by the portal, and say where it is typed."""
    from cases import personal_codes

    code = personal_codes.make(at.record.engine, person, now=at.clock.now())
    reference = personal_codes.reference(at.record.engine, person)
    return f"{at.settings.portal_base}/ with the reference {reference} and the code {code}"


_VERBS = {
    "starting": "is starting",
    "healthy": "is up",
    "slow": "is slow",
    "died": "died",
    "stopped": "has stopped",
}
