"""`parley token`: the tokens by which programs work for people."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.output import AsJson
from desk.cli.people import Who

if TYPE_CHECKING:
    from cases.api_tokens import Token

app = typer.Typer(no_args_is_help=True, help="Tokens by which programs use the API in somebody's name.")

_USUAL_DAYS, _MOST_DAYS = 90, 365


@app.command("new")
def make_token(
    who: Who,
    name: Annotated[str, typer.Argument(help="What will use it, such as “weekly report”.")],
    *,
    scope: Annotated[list[str], typer.Option("--for", metavar="SCOPE", help="Such as cases:read; may be repeated.")],
    days: Annotated[int, typer.Option(min=1, max=_MOST_DAYS, help="For how many days it is good.")] = _USUAL_DAYS,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it this once; a program sends it as `Authorization: Bearer …`."""
    from cases import api_tokens

    at = front.office()
    now = at.clock.now()
    new = api_tokens.NewToken(name=name, scopes=api_tokens.scopes(scope), expires_at=now + timedelta(days=days))
    kept, secret = api_tokens.make(at.record.engine, front.person(at, who).id, new, now=now)
    if as_json:
        output.emit({"token": kept, "secret": secret})
        return
    output.say(secret)
    output.say(f"good until {kept.expires_at:%Y-%m-%d %H:%M} UTC for {', '.join(sorted(kept.scopes))}; told this once")


@app.command("list")
def list_tokens(who: Who, *, as_json: AsJson = False) -> None:
    """List the tokens of a person; their secrets cannot be told again."""
    from cases import api_tokens

    at = front.office()
    found = api_tokens.of(at.record.engine, front.person(at, who).id)
    if as_json:
        output.emit(found)
        return
    rows = [
        (
            one.name,
            ", ".join(sorted(one.scopes)),
            _until(one),
            f"{one.seen_at:%Y-%m-%d}" if one.seen_at else "-",
            one.id,
        )
        for one in found
    ]
    columns = ("Name", "Good for", "Until", "Last used", "Id")
    output.table(columns, rows, empty=f"{who} has no tokens: parley token new {who} NAME --for cases:read")


@app.command("end")
def end_token(
    who: Who,
    token: Annotated[int, typer.Argument(metavar="ID", min=1, help="The id that parley token list shows.")],
    *,
    as_json: AsJson = False,
) -> None:
    """End a token at once."""
    from cases import api_tokens

    at = front.office()
    ended = api_tokens.end(at.record.engine, front.person(at, who).id, token, now=at.clock.now())
    if as_json:
        output.emit(ended)
        return
    output.say(f"ended: {ended.name}")


def _until(one: Token) -> str:
    return f"ended {one.ended_at:%Y-%m-%d}" if one.ended_at else f"{one.expires_at:%Y-%m-%d}"
