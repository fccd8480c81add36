"""The number of a receipt: eight figures to read out on the telephone, which tell nothing of anybody else's acts.

The id of an entry counts what happened in every case, so it is no number to hand to a party.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from cases import personal_codes, queries
from config import settings as office_settings
from states import errors
from states.said import say

if TYPE_CHECKING:
    from cases.queries import OwnAct
    from config.settings import Settings
    from desk.visits import Visit

DIGITS = 8


@dataclass(frozen=True, slots=True)
class Book:
    """The numbers of the receipts of one case, made under the secret of this installation."""

    case_id: str
    key: bytes = field(repr=False)

    def number(self, event_id: int) -> str:
        """Return the number of the receipt of an entry, without spaces."""
        made = hmac.new(self.key, f"receipt {self.case_id} {event_id}".encode(), sha256).digest()
        return f"{int.from_bytes(made[:8]) % 10**DIGITS:0{DIGITS}}"


def book(settings: Settings, case_id: str) -> Book:
    """Open the book of a case."""
    return Book(case_id, office_settings.secret(settings))


def spelled(receipt: str) -> str:
    """Write a number as it is read out."""
    return personal_codes.in_fours(receipt)


def find(visit: Visit, case_ref: str, receipt: str) -> OwnAct:
    """Find what somebody did by its receipt; raise `NotFound` for one that is not theirs."""
    _, case = queries.case_for(visit.desk.record, visit.viewer, case_ref)
    numbers = book(visit.desk.settings, case.id)
    for one in queries.own_acts(visit.desk.record, visit.viewer, case.id):
        if numbers.number(one.event_id) == receipt:
            return one
    raise errors.NotFound(say("there is no such page, or it is not yours to see"))
