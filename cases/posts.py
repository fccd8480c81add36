"""The posts of organisations: who holds each, who stands in, and whose turn it is where it is a rota."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, insert, select, update

from cases import codec, directory, people, tables
from cases.unit_of_work import reading, unit_of_work
from states import directory as on_file
from states import errors
from states.directory import Post
from states.said import listed, say

LONGEST_TURN = 366


class Posts:
    """Every post on file."""

    def __init__(self, engine: Engine) -> None:
        """Read and write the given database."""
        self._engine = engine

    def put(self, post: Post) -> None:
        """Put a post on file, or replace the one of this organisation, name and place.

        Raises `Refused` for one that nobody could hold, `NotFound` for people or an organisation not on file.
        """
        name, place = " ".join(post.name.split()), " ".join(post.place.split())
        if not name or not name.isprintable() or not place.isprintable():
            raise errors.Refused(say("a post needs a name on one line, such as duty officer"))
        if not post.people or len(set(post.people)) < len(post.people):
            raise errors.Refused(say("a post is held by one person at least, and everybody is named once"))
        if post.turn_days is not None and not 0 < post.turn_days <= LONGEST_TURN:
            raise errors.Refused(
                say(
                    "a turn lasts from 1 to %(most)s days; leave it out where nobody takes turns",
                    most=LONGEST_TURN,
                )
            )
        with unit_of_work(self._engine) as work:
            _refuse_strangers(work, post)
            held = {"people": codec.dump(post.people), "since": post.since.isoformat(), "turn_days": post.turn_days}
            where = {"organisation_id": post.organisation, "name": name, "place": place}
            known = _row_of(work, where)
            if known is None:
                work.execute(insert(tables.posts), {"id": uuid4().hex[:12], **where, **held})
            else:
                work.execute(update(tables.posts).where(tables.posts.c.id == known).values(**where, **held))

    def remove(self, organisation: str, name: str, *, place: str = "") -> None:
        """Take a post off file; whoever was called by it keeps what they were called to. Raises `NotFound`."""
        with unit_of_work(self._engine) as work:
            known = _row_of(work, {"organisation_id": organisation, "name": name, "place": place})
            if known is None:
                raise _no_post(name, place)
            work.execute(delete(tables.posts).where(tables.posts.c.id == known))

    def all(self) -> tuple[Post, ...]:
        """List the posts by organisation, name and place."""
        posts, bodies = tables.posts, tables.organisations
        wanted = select(posts, bodies.c.timezone).join(bodies, bodies.c.id == posts.c.organisation_id)
        with reading(self._engine) as connection:
            rows = connection.execute(wanted.order_by(bodies.c.name, posts.c.name, posts.c.place))
            return tuple(directory.as_post(row, timezone=row.timezone) for row in rows)


def _no_post(name: str, place: str) -> errors.NotFound:
    if not place:
        return errors.NotFound(say("there is no post “%(post)s” on file; parley post list shows all", post=name))
    return errors.NotFound(
        say("there is no post “%(post)s” at %(place)s on file; parley post list shows all", post=name, place=place)
    )


def _row_of(work: Connection, where: dict[str, str]) -> str | None:
    """Find the id of a post, however its name and place are spelled."""
    rows = work.execute(select(tables.posts).where(tables.posts.c.organisation_id == where["organisation_id"]))
    found = (row.id for row in rows if all(on_file.same_name(getattr(row, key), where[key]) for key in where))
    return next(found, None)


def _refuse_strangers(work: Connection, post: Post) -> None:
    body = select(tables.organisations.c.name).where(tables.organisations.c.id == post.organisation)
    name = work.execute(body).scalar()
    if name is None:
        raise errors.NotFound(
            say("there is no organisation “%(organisation)s” on file; add it first", organisation=post.organisation)
        )
    if unknown := people.strangers(work, post.people):
        told = say(
            "nobody on file has the id %(ids)s, or they left; parley person add adds them",
            ids=listed(sorted(unknown)),
        )
        raise errors.NotFound(told)
    employers = people.employers(work, post.people)
    if others := sorted(one for one in post.people if employers.get(one) != post.organisation):
        names = listed(people.names(work, others).values())
        raise errors.Refused(
            say(
                "a post of %(organisation)s is held by its own people, and %(people)s works elsewhere",
                organisation=name,
                people=names,
            )
        )
