"""The posts of organisations, for administrators: who holds each, who stands in, and whose turn it is."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from cases.committees import Committees
from cases.posts import Posts
from desk import office_forms
from desk.access import DeclaredRoute, Form
from desk.administration import Administering, person_named
from desk.office_forms import OfficeForm, Wrong, words_of
from desk.pages.answers import page
from states import errors, fields, wall_time
from states.directory import Post, in_turn
from states.fields import Field, FieldType
from states.said import say

if TYPE_CHECKING:
    from desk.office_forms import Values
    from desk.visits import Visit

router = APIRouter(route_class=DeclaredRoute, include_in_schema=False)

LIST = ("/posts", say("Posts and committees"))


@router.get("/posts")
def all_of_them(visit: Administering, request: Request, recorded: str = "") -> HTMLResponse:
    """List the posts with whoever holds them now, and the standing committees."""
    engine, now = visit.desk.record.engine, visit.words.now
    posts = Posts(engine).all()
    return page(
        visit,
        "posts.html",
        request=request,
        zone=visit.person.timezone,
        posts=[(post, in_turn(post, now), _address(post)) for post in posts],
        committees=Committees(engine).all(),
        organisations={body.id: body.name for body in visit.desk.directory.organisations()},
        names={one.id: one.name for one in visit.desk.directory.everyone()},
        recorded=bool(recorded),
    )


@router.get("/posts/post")
def show(visit: Administering, organisation: str = "", name: str = "", place: str = "") -> HTMLResponse:
    """Show a post, to be changed, or the form for a new one."""
    return _form(visit, _find(visit, organisation, name, place) if name else None).answer()


@router.post("/posts/post")
def put(visit: Administering, form: Form) -> Response:
    """Put a post on file, or say anew who holds it."""

    def kept(values: Values) -> Response:
        try:
            Posts(visit.desk.record.engine).put(_read(visit, values))
        except (errors.Refused, errors.NotFound) as refusal:
            raise Wrong(refusal.sentence, at="holders") from None
        return RedirectResponse("/posts?recorded=yes", HTTPStatus.SEE_OTHER)

    return _form(visit, None).keep(form, by=kept)


@router.post("/posts/remove")
def remove(visit: Administering, form: Form) -> RedirectResponse:
    """Take a post off file; whoever was called by it keeps what they were called to."""
    named = {key: form.get(key, "") for key in ("organisation", "name", "place")}
    Posts(visit.desk.record.engine).remove(named["organisation"], named["name"], place=named["place"])
    return RedirectResponse("/posts?recorded=yes", HTTPStatus.SEE_OTHER)


def _address(post: Post) -> str:
    return f"/posts/post?{urlencode({'organisation': post.organisation, 'name': post.name, 'place': post.place})}"


def _find(visit: Visit, organisation: str, name: str, place: str) -> Post:
    wanted = (organisation, name, place)
    posts = Posts(visit.desk.record.engine).all()
    found = next((one for one in posts if (one.organisation, one.name, one.place) == wanted), None)
    if found is None:
        raise errors.NotFound(say("there is no such post on file; the list shows all there are"))
    return found


def _form(visit: Visit, post: Post | None) -> OfficeForm:
    bodies = {body.id: body.name for body in visit.desk.directory.organisations()}
    return OfficeForm(
        visit=visit,
        title=say("Say who holds a post"),
        button=say("Put it on file"),
        address="/posts/post",
        back=LIST,
        asked=_asked(tuple(bodies)),
        labels={"organisation": bodies},
        initial=_initial(visit, post) if post else {"since": _today(visit).isoformat()},
        notes=(say("A post of the same organisation, name and place is replaced."),),
    )


def _asked(bodies: tuple[str, ...]) -> tuple[Field, ...]:
    name = say("As the tiers of the process write it, such as duty officer.")
    holders = say("An e-mail address a line. The first holds the post; the next ones stand in, or take turns.")
    turns = say("Days of one turn where it is a rota; empty where nobody takes turns.")
    return (
        office_forms.choice("organisation", say("Organisation"), bodies, required=True),
        office_forms.text("name", say("Post"), hint=name),
        office_forms.text("place", say("Place"), required=False, hint=say("Empty for the whole organisation.")),
        Field(name="holders", type=FieldType.TEXTS, label=say("Who holds it"), help=holders),
        Field(name="since", type=FieldType.DATE, label=say("Since")),
        Field(name="turn_days", type=FieldType.INTEGER, label=say("Turns"), required=False, help=turns),
    )


def _initial(visit: Visit, post: Post) -> dict[str, str]:
    people = visit.desk.directory.people(post.people)
    return {
        "organisation": post.organisation,
        "name": post.name,
        "place": post.place,
        "holders": "\n".join(people[one].email for one in post.people if one in people),
        "since": post.since.isoformat(),
        "turn_days": str(post.turn_days or ""),
    }


def _read(visit: Visit, values: Values) -> Post:
    since, turns = values["since"], values["turn_days"]
    organisation = words_of(values["organisation"])
    bodies = {body.id: body for body in visit.desk.directory.organisations()}
    return Post(
        organisation=organisation,
        name=words_of(values["name"]),
        place=words_of(values["place"]),
        people=tuple(person_named(visit, one).id for one in fields.each(values["holders"])),
        since=since if isinstance(since, date) else _today(visit),
        turn_days=turns if isinstance(turns, int) else None,
        timezone=bodies[organisation].timezone,
    )


def _today(visit: Visit) -> date:
    return visit.words.now.astimezone(wall_time.find_zone(visit.person.timezone)).date()
