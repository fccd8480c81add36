"""`parley person end-sessions`, `forget-factors` and `link-account`: what an office mends of people's ways in."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from desk.cli.people import Who


def end_sessions(
    who: Annotated[str, typer.Argument(metavar="[PERSON]", help="An e-mail address or id on file.")] = "",
    *,
    everybody: Annotated[bool, typer.Option("--everybody", help="Of all people, at the desk and the portal.")] = False,
    as_json: AsJson = False,
) -> None:
    """End every session of a person, or of everybody, at once."""
    from cases import sessions

    if bool(who) == everybody:
        message = "name one person, or say --everybody"
        raise typer.BadParameter(message)
    at = front.office()
    person = None if everybody else front.person(at, who).id
    ended = sessions.end_all(at.record.engine, person, now=at.clock.now())
    if as_json:
        output.emit({"person": person, "ended": ended})
        return
    output.say(f"{ended} sessions are ended" if ended != 1 else "one session is ended")


def forget_factors(who: Who, *, as_json: AsJson = False) -> None:
    """Forget the second factors of a person who lost them, and end their sessions; the password stays."""
    from cases import factors, sessions

    at = front.office()
    found = front.person(at, who)
    factors.forget_second(at.record.engine, found.id)
    sessions.end_all(at.record.engine, found.id, now=at.clock.now())
    if as_json:
        output.emit({"person": found.id})
        return
    output.say(f"{found.name} has no second factor any more; make sure that it was they who asked")


def link_account(
    who: Who,
    subject: Annotated[str, typer.Argument(help="What the provider calls the person: its “sub”, no e-mail address.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Link a person to their account at the OpenID provider of the settings."""
    from cases import identities
    from states import errors

    at = front.office()
    found, issuer = front.person(at, who), at.settings.oidc_issuer
    if not issuer:
        message = "no provider is set; set PARLEY_OIDC_ISSUER first"
        raise errors.Refused(message)
    identities.link(at.record.engine, found.id, issuer=issuer, subject=subject, now=at.clock.now())
    if as_json:
        output.emit({"person": found.id, "issuer": issuer, "subject": subject})
        return
    output.say(f"{found.name} signs in as {subject} of {issuer}")
