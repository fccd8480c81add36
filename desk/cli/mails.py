"""`parley mail`: what was sent, what waits, what could not be delivered, and how to try again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, mail_words, output
from desk.cli.front import As, AsSomebody
from desk.cli.output import AsJson

if TYPE_CHECKING:
    from cases.queries import MessageView
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="See mails and send them again.")
app.add_typer(mail_words.app, name="words")


@app.command("list")
def list_(  # noqa: PLR0913 - each is an option of the command
    *,
    viewer: AsSomebody = None,
    state: Annotated[str | None, typer.Option(help="Only those in this state, such as sent or refused.")] = None,
    case: Annotated[str | None, typer.Option(help="Only those of this case.")] = None,
    after: Annotated[str | None, typer.Option(help="Go on after this mark.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="At most so many.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Without --as, count the mails and list the dead letters; with it, list those this person may know of."""
    at = front.office()
    if viewer is None:
        _overview(at, as_json=as_json)
        return
    from cases import queries

    wanted = queries.MessageFilter(state=state, case=case)
    page = queries.list_messages(at.record, front.viewer(at, viewer), wanted=wanted, after=after, limit=limit)
    if as_json:
        output.emit({"mails": page.rows, "next": page.next})
        return
    zone = at.settings.timezone
    rows = [
        (
            row.id,
            output.stamp(row.settled_at or row.created_at, zone),
            row.number or "",
            row.person_name,
            row.subject,
            row.state,
            row.attempts,
            output.stamp(row.next_at, zone) if row.settled_at is None else "",
        )
        for row in page.rows
    ]
    columns = ("Id", f"When ({zone})", "Case", "To", "Subject", "State", "Tries", "Next try")
    output.table(columns, rows, empty="no mails that this person may know of")
    if page.next:
        output.say(f"There are more: --after {page.next}")


@app.command()
def show(
    message: Annotated[int, typer.Argument(metavar="ID", help="The mail's number in parley mail list.")],
    *,
    viewer: As,
    as_json: AsJson = False,
) -> None:
    """Show one mail, its text and every try to send it."""
    from cases import queries
    from desk import mail_text

    at = front.office()
    who = front.viewer(at, viewer)
    found = queries.message(at.record, who, message)
    text = mail_text.plain_text(found, who=who.person)
    if as_json:
        output.emit({**_facts(found), "text": text, "deliveries": found.deliveries})
        return
    output.heading(found.row.subject)
    output.say(f"to {found.row.person_name} <{found.row.address}>, {found.row.state}")
    output.say(text or "its words are for somebody else")
    zone = at.settings.timezone
    rows = [(output.stamp(one.at, zone), one.outcome, one.code or "", one.reply) for one in found.deliveries]
    columns = (f"When ({zone})", "Outcome", "Code", "What the mail server said")
    output.table(columns, rows, title="Tries", empty="none yet")


@app.command()
def retry(
    messages: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]...", help="The dead letters to try again.")
    ] = None,
    *,
    every: Annotated[
        bool, typer.Option("--all", help="All dead letters, and all mails that could not be written.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Queue dead letters again, as the same bytes."""
    from cases import notifying, resending, undelivered

    at = front.office()
    wanted = [letter.id for letter in undelivered.dead_letters(at.record.engine)] if every else messages or []
    if not wanted and not every:
        raise typer.BadParameter("name the mails to send again, or give --all")
    for one in wanted:
        resending.retry(at.record.engine, one, now=at.clock.now())
    unwritten = notifying.parked(at.record.engine) if every else ()
    for one in unwritten:
        notifying.unpark(at.record.engine, one)
    if as_json:
        output.emit({"queued": wanted, "to be written": unwritten})
        return
    queued = ", ".join(map(str, wanted)) or "nothing"
    output.say(f"queued again: {queued}; to be written again: {len(unwritten)}; the next tick sends what is due")


@app.command()
def incoming(
    case: Annotated[str, typer.Argument(help="The number of the case.")],
    *,
    viewer: As,
    as_json: AsJson = False,
) -> None:
    """List what came back by mail for a case that somebody runs, and who is to be telephoned."""
    from cases.to_sort import Sorting

    at = front.office()
    found = Sorting(at.record, at.service, front.viewer(at, viewer)).read(case)
    if as_json:
        output.emit(output.plain(found))
        return
    zone = at.settings.timezone
    rows = [
        (one.id, output.stamp(one.at, zone), one.kind, one.state, one.person_name, one.address, one.subject)
        for one in found.arrivals
    ]
    output.table(("Id", f"When ({zone})", "Kind", "State", "To", "From", "Subject"), rows, empty="nothing came in")
    calls = [
        (one.task.id, output.stamp(one.task.since, zone), one.name, one.telephone, one.task.address, one.task.said)
        for one in found.to_telephone
    ]
    columns = ("Id", f"Since ({zone})", "Person", "Telephone", "Address", "What the mail server said")
    output.table(columns, calls, title="To be reached by telephone", empty="nobody")


@app.command()
def receive(*, as_json: AsJson = False) -> None:
    """Take in mail that comes back over LMTP, as the settings say, until Ctrl-C; `parley up` does it by itself."""
    from desk import up
    from notifications import lmtp

    if not up.takes_in_mail(front.settings()):
        raise typer.BadParameter("set PARLEY_INBOUND_DOMAIN and PARLEY_INBOUND_LMTP_PORT first")
    if as_json:
        output.emit({"takes": "mail that comes back", "over": "LMTP"})
    lmtp.main()


@app.command()
def release(
    *,
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Withdraw them instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """Let the reminders go that came late all at once, twenty a minute, or withdraw them."""
    from cases import resending

    at = front.office()
    act = resending.withdraw_held if withdraw else resending.release_held
    done = act(at.record.engine, now=at.clock.now())
    if as_json:
        output.emit({"withdrawn" if withdraw else "queued": done})
        return
    output.say(f"withdrawn: {done}" if withdraw else f"queued: {done}; the next ticks send them")


def _overview(at: Office, *, as_json: bool) -> None:
    from cases import undelivered

    counts, dead = undelivered.counts(at.record.engine), undelivered.dead_letters(at.record.engine)
    if as_json:
        output.emit({"counts": counts, "dead_letters": dead})
        return
    output.table(("State", "Mails"), counts.messages.items(), empty="no mail was written yet")
    zone = at.settings.timezone
    rows = [
        (one.id, output.stamp(one.settled_at, zone), one.address, one.mail, one.state, one.code or "", one.reply)
        for one in dead
    ]
    columns = ("Id", f"When ({zone})", "Address", "Mail", "State", "Code", "What the mail server said")
    output.table(columns, rows, title="Dead letters", empty="none")
    if dead:
        output.say("Mend the cause, then: parley mail retry ID")
    output.say("parley mail list --as PERSON lists the mails this person may know of")


def _facts(found: MessageView) -> dict[str, object]:
    data = output.plain(found.row)
    return data if isinstance(data, dict) else {}
