"""`parley post`: the posts of organisations, and who holds each."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli import front, organisations, output
from desk.cli.output import AsJson

app = typer.Typer(no_args_is_help=True, help="The posts of organisations, such as duty officer, and who holds them.")

Name = Annotated[str, typer.Argument(help="The post's name, as the definition's tiers write it.")]
Of = Annotated[str, typer.Option("--organisation", help="The organisation's name or id.")]
Place = Annotated[str, typer.Option(help="Where the post is; without it, everywhere.")]


@app.command("set")
def set_post(  # noqa: PLR0913 - each is an option of the command
    name: Name,
    *,
    organisation: Of,
    holder: Annotated[list[str], typer.Option(help="A person's address or id; the next ones stand in, or take turns.")],
    place: Place = "",
    turn_days: Annotated[int | None, typer.Option(help="Days of one turn, where it is a rota.")] = None,
    since: Annotated[str, typer.Option(help="The first day, as 2026-12-31; without it, today.")] = "",
    as_json: AsJson = False,
) -> None:
    """Put a post on file, or say anew who holds it."""
    from cases.posts import Posts
    from states.directory import Post

    at = front.office()
    body = organisations.find(at.directory.organisations(), organisation)
    post = Post(
        organisation=body.id,
        name=name,
        place=place,
        people=tuple(front.person(at, one).id for one in holder),
        since=front.day(since) if since else front.today(at),
        turn_days=turn_days,
        timezone=body.timezone,
    )
    Posts(at.record.engine).put(post)
    if as_json:
        output.emit(post)
        return
    output.say(f"the post “{post.name}” of {body.name} is on file")


@app.command("list")
def list_posts(*, as_json: AsJson = False) -> None:
    """List the posts, each with who holds it now."""
    from cases.posts import Posts
    from states.directory import in_turn

    at = front.office()
    posts = Posts(at.record.engine).all()
    if as_json:
        output.emit(posts)
        return
    bodies = {body.id: body.name for body in at.directory.organisations()}
    names = {one.id: one.name for one in at.directory.everyone()}
    rows = []
    for post in posts:
        now = [names.get(one, one) for one in in_turn(post, at.clock.now())] or [f"from {post.since}"]
        turns = f"every {post.turn_days} days" if post.turn_days else ""
        rows.append((post.name, post.place, bodies[post.organisation], now[0], ", ".join(now[1:]), turns))
    columns = ("Post", "Place", "Organisation", "Held by", "Then", "Turns")
    output.table(columns, rows, empty="none is on file yet: parley post set NAME --organisation … --holder …")


@app.command("remove")
def remove_post(name: Name, *, organisation: Of, place: Place = "", as_json: AsJson = False) -> None:
    """Take a post off file; whoever was called by it keeps what they were called to."""
    from cases.posts import Posts

    at = front.office()
    body = organisations.find(at.directory.organisations(), organisation)
    Posts(at.record.engine).remove(body.id, name, place=place)
    if as_json:
        output.emit({"removed": name, "organisation": body.id, "place": place})
        return
    output.say(f"the post “{name}” of {body.name} is off file")
