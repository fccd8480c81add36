"""Facts about the parties, their people and what they filed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from states import roles
from states.conditions.registry import condition
from states.items import Issue, Statement

if TYPE_CHECKING:
    from states.situation import Situation

# process.md 4.8 and scenario S5: a safety pause of 48 hours.
_SHORT = timedelta(hours=48)


@condition("the case is open")
def the_case_is_open(s: Situation) -> bool:
    """Begin nothing new on what is over."""
    return s.case.closed_at is None


@condition("the notice was submitted")
def the_notice_was_submitted(s: Situation) -> bool:
    """Tell nobody above of a case while one side writes its notice."""
    return s.case.stage != s.process.initial


@condition("there are at least two parties", mended_by=("join_party",))
def there_are_two_parties(s: Situation) -> bool:
    """Ask for somebody to disagree with."""
    return len(s.case.parties) > 1


@condition("every party has a representative who can be reached", mended_by=("name_person",))
def every_party_has_a_representative(s: Situation) -> bool:
    """Ask for a person on each side."""
    return bool(s.case.parties) and all(party.people.get("representative") for party in s.case.parties)


@condition("every party has named the senior representative who can bind it", mended_by=("name_person",))
def every_party_has_a_senior(s: Situation) -> bool:
    """Ask that the deciders are mapped."""
    return bool(s.case.parties) and all(party.people.get("senior_representative") for party in s.case.parties)


@condition("at least one issue is on the list", mended_by=("raise_issue",))
def an_issue_is_listed(s: Situation) -> bool:
    """Ask what the dispute is about."""
    return bool(s.case.all(Issue))


@condition("somebody is named, for no part of a case is left without a holder", weighs_inputs=True)
def somebody_is_named(s: Situation) -> bool:
    """Ask for at least one person."""
    return bool(s.texts("people"))


@condition("the person asked for belongs to no party", weighs_inputs=True)
def the_person_is_outside_both_lines(s: Situation) -> bool:
    """Keep neutral parts free of party people."""
    return not any(roles.parties_of(s.case, roles.Actor(person)) for person in s.texts("people"))


@condition("the date lies ahead", weighs_inputs=True)
def the_date_lies_ahead(s: Situation) -> bool:
    """Refuse a promise or a rule that would be over as it begins."""
    dates = map(s.given, ("due_at", "expires_at", "begins_at"))
    return all(date > s.at for date in dates if isinstance(date, datetime))


@condition("the pause lasts two days at most; a longer one needs both sides or the committee", weighs_inputs=True)
def the_pause_is_short(s: Situation) -> bool:
    """Let one person stop the clocks for a threat, but not for long."""
    until = s.given("until")
    return not isinstance(until, datetime) or until <= s.at + _SHORT


@condition("only the party itself may put another account in the place of the one it has sealed", weighs_inputs=True)
def the_account_is_theirs_to_change(s: Situation) -> bool:
    """Let the team record a party's account, and never over the party's own."""
    sealed = any(one.party == s.party_id for one in s.case.all(Statement, "sealed"))
    return not sealed or s.party in s.speaks_for
