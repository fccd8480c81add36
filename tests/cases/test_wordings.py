"""The office's own wordings: versions, two who write at once, and what could not be used."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cases import wordings
from cases.wordings import Wording, Wordings
from states import errors
from tests.cases.builders import Desk, put_on_file

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def draft(version: int, language: str = "fr", **texts: str) -> Wording:
    return Wording(mail="offer_made", language=language, version=version, texts=texts)


def test_every_version_is_kept_and_the_newest_is_used_until_it_is_taken_back(desk: Desk) -> None:
    engine = desk.engine
    put_on_file(engine, "ana", "li")
    mails = Wordings(engine)
    assert mails.find("offer_made", "fr") is None
    first = wordings.keep(engine, draft(0, subject="Une offre"), by="li", now=NOW)
    again = wordings.keep(engine, draft(1, subject="Une offre"), by="ana", now=NOW)
    second = wordings.keep(engine, draft(1, subject="Une offre", first="Merci."), by="ana", now=NOW)
    assert (first.version, again.version, second.version) == (1, 1, 2)
    assert mails.find("offer_made", "fr") == second
    assert mails.find("offer_made", "en") is None
    assert wordings.in_use(engine) == (second,)
    wordings.keep(engine, draft(2), by="li", now=NOW)
    assert mails.find("offer_made", "fr") is None
    assert wordings.in_use(engine) == ()
    told = [(one.version, one.changed_by, sorted(one.parts)) for one in wordings.history(engine, "offer_made", "fr")]
    assert told == [(3, "li", []), (2, "ana", ["first", "subject"]), (1, "li", ["subject"])]


def test_the_second_writer_is_told(desk: Desk) -> None:
    put_on_file(desk.engine, "ana", "li")
    wordings.keep(desk.engine, draft(0, subject="Une offre"), by="li", now=NOW)
    with pytest.raises(errors.Conflict, match="somebody else has changed this text meanwhile"):
        wordings.keep(desk.engine, draft(0, subject="Autre chose"), by="ana", now=NOW)
    assert wordings.newest(desk.engine, "offer_made", "fr").texts["subject"] == "Une offre"


def test_what_could_not_be_used_says_so_once_until_it_is_mended(desk: Desk) -> None:
    put_on_file(desk.engine, "li")
    wordings.keep(desk.engine, draft(0, subject="{{ old }}"), by="li", now=NOW)
    mails = Wordings(desk.engine)
    mails.broke("offer_made", "fr", why="“old” is not known", now=NOW)
    mails.broke("offer_made", "fr", why="later", now=NOW.replace(hour=12))
    [found] = wordings.in_use(desk.engine)
    assert (found.broken, found.broken_at) == ("“old” is not known", NOW)
    mended = wordings.keep(desk.engine, draft(1, subject="Une offre"), by="li", now=NOW)
    assert mended.broken == ""
