"""`parley verify`, `parley doctor` and `parley version`: is the record whole, do the installation and its mail work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from desk.doctor import Sign

ILL_CODE = 1


def verify(
    case: Annotated[str | None, typer.Argument(metavar="[CASE]", help="One case; without it, all of them.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Check that nothing in the record was changed, removed or added behind its back, and that every file is there."""
    from cases import documents, ledger, reference, unit_of_work

    at = front.office()
    only = reference.case_id(at.record.engine, case) if case else None
    with unit_of_work.reading(at.record.engine) as connection:
        report = ledger.verify(connection, only)
        gaps = tuple(documents.gaps(connection, at.record.files, only))
    whole = report.consistent and not gaps
    if as_json:
        output.emit({"consistent": whole, "report": report, "files": gaps})
        if not whole:
            raise typer.Exit(7)
        return
    if report.first_break is not None:
        broken = report.first_break
        raise errors.BrokenRecord(f"the record is broken: {broken}; keep the file and tell the people who run the desk")
    if gaps:
        told = "; ".join(map(str, gaps))
        raise errors.BrokenRecord(f"the record is broken: {told}; put the files back from the last backup")
    erased = f", the words of {report.erased} erased on purpose" if report.erased else ""
    output.say(f"the chain is whole: {report.cases} cases, {report.events} events{erased}")


doctors = typer.Typer(help="Look at the installation from all sides; each line that is not well says what to do.")


@doctors.callback(invoke_without_command=True)
def doctor(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Look at the installation from all sides; each line that is not well says what to do."""
    if context.invoked_subcommand is not None:
        return
    from desk import doctor as examination

    chosen = front.settings()
    _tell(tuple(examination.examine(chosen, lambda: front.office(chosen))), as_json=as_json)


@doctors.command()
def mail(
    *,
    send_to: Annotated[str, typer.Option("--send-to", metavar="ADDRESS", help="Send a real mail there as well.")] = "",
    name_server: Annotated[
        str, typer.Option("--dns", metavar="HOST[:PORT]", help="The name server to ask; else this machine's own.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Try the mail server, look at the records of the sender's domain, and tell what is missing."""
    from config.clock import SystemClock
    from desk import mail_doctor

    chosen = front.settings()
    signs = mail_doctor.examine(chosen, now=SystemClock().now(), name_server=name_server, send_to=send_to)
    _tell(tuple(signs), as_json=as_json)


def _tell(signs: tuple[Sign, ...], *, as_json: bool) -> None:
    """Print what was found, and end with an exit code when something is ill."""
    ill = any(sign.health == "ill" for sign in signs)
    if as_json:
        output.emit({"well": not ill, "signs": signs})
    else:
        rows = [(_MARKS[sign.health], sign.what, sign.told, sign.do) for sign in signs]
        output.table(("", "What", "Found", "Do next"), rows)
    if ill:
        raise typer.Exit(ILL_CODE)


def version(*, as_json: AsJson = False) -> None:
    """Print the version."""
    from importlib import metadata

    found = metadata.version("parley-engine")
    if as_json:
        output.emit({"version": found})
        return
    output.say(found)


_MARKS = {"well": "✓", "worth a look": "!", "ill": "✗"}
