"""What a form makes is made once, however often the form is sent: the same secret is shown again, and no second one."""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING

from cases import api_answers
from states import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.uploads import Given
    from desk.visits import Visit

ONCE = "once"
"""The hidden field by which a form is known again."""
_KEY_BYTES = 16


def key() -> str:
    """Make the mark of one form."""
    return secrets.token_hex(_KEY_BYTES)


def by_form(visit: Visit, form: Given, address: str, make: Callable[[], str]) -> str:
    """Make something for a form sent to an address, or return what was made when it was sent before."""
    engine, now = visit.desk.record.engine, visit.words.now
    asked = api_answers.Request(visit.token, form.get(ONCE) or key(), address.encode())
    earlier = api_answers.begin(engine, asked, now=now)
    if earlier is not None:
        return earlier.content.decode()
    try:
        made = make()
    except errors.ParleyError:
        api_answers.release(engine, asked)
        raise
    api_answers.keep(engine, asked, api_answers.Answer(HTTPStatus.OK, made.encode()))
    return made
