"""The form in which somebody says how they want to be written to, at the desk and at the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from cases import mail_wishes
from cases.mail_wishes import Wishes
from config.settings import Rhythm
from notifications import from_settings
from states import errors
from states.said import say
from states.wall_time import Window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.visits import Visit
    from states.said import Said

RHYTHM, DIGEST, OPENS, CLOSES, EVERY_DAY = "rhythm", "digest_at", "hours_from", "hours_until", "every_day"
_NOT_A_TIME = say("Write a time of day such as 08:00")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in the fields, and what is wrong with them."""

    values: Mapping[str, str]
    problems: Mapping[str, Said]

    @property
    def rhythms(self) -> tuple[tuple[str, Said, bool], ...]:
        """The rhythms to choose from, each in words, and whether it is the chosen one."""
        told = {
            Rhythm.EACH: say("Each by itself"),
            Rhythm.DAILY: say("All of a day in one mail"),
            Rhythm.WEEKLY: say("All of a week in one mail, on its first working day"),
            Rhythm.NEVER: say("Not at all"),
        }
        return tuple((one, words, self.values[RHYTHM] == one) for one, words in told.items())


def wishes_of(visit: Visit) -> Wishes:
    """Read how whoever is signed in wants to be written to."""
    custom = from_settings.customs(visit.desk.settings).wishes
    return mail_wishes.of(visit.desk.record.engine, [visit.person.id], custom=custom)[visit.person.id]


def filled(wishes: Wishes) -> Sheet:
    """Fill the fields with what is on file."""
    values = {
        RHYTHM: str(wishes.rhythm),
        DIGEST: f"{wishes.digest_at:%H:%M}",
        OPENS: f"{wishes.hours.opens:%H:%M}",
        CLOSES: f"{wishes.hours.closes:%H:%M}",
        EVERY_DAY: "yes" if wishes.every_day else "",
    }
    return Sheet(values, {})


def keep(visit: Visit, form: Mapping[str, str]) -> Sheet | None:
    """Put on file what was typed; return the fields again where something is wrong with it."""
    problems = dict(_problems(form))
    if problems:
        typed = {name: form.get(name, "") for name in (RHYTHM, DIGEST, OPENS, CLOSES, EVERY_DAY)}
        return Sheet(typed, problems)
    hours = _window(form)
    wishes = Wishes(
        rhythm=Rhythm(form[RHYTHM]),
        digest_at=time.fromisoformat(form[DIGEST]),
        hours=hours or mail_wishes.ALWAYS,
        every_day=bool(form.get(EVERY_DAY)),
    )
    mail_wishes.put(visit.desk.record.engine, visit.person.id, wishes)
    return None


def _problems(form: Mapping[str, str]) -> list[tuple[str, Said]]:
    found = [(name, _NOT_A_TIME) for name in (DIGEST, OPENS, CLOSES) if not _is_time(form.get(name, ""))]
    if form.get(RHYTHM) not in set(Rhythm):
        found.append((RHYTHM, say("Choose one of them")))
    if not found and _window(form) is None:
        found.append((CLOSES, say("The last hour comes before the first; swap them")))
    return found


def _is_time(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


def _window(form: Mapping[str, str]) -> Window | None:
    opens, closes = (time.fromisoformat(form[name]).replace(second=0, microsecond=0) for name in (OPENS, CLOSES))
    try:
        return Window(opens, closes)
    except errors.DefinitionError:
        return None
