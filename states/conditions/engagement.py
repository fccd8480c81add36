"""Facts about who takes part, with what authority and consent, and under which ground rules."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from states import authority, roles
from states.conditions.registry import condition, unanimous
from states.durations import Duration, Unit
from states.errors import DurationError
from states.items import Consent, Mandate, Offer, ProcessAgreement, Stakeholder
from states.said import listed, say, together

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from states.case import Party
    from states.fields import Value
    from states.process import Deadline, Limits
    from states.situation import Situation

# Two days off in seven, and a weekend at either end: a guess on the safe side where no calendar is at hand.
_DAYS_PER_WORKING_DAY = 7 / 5
_REST = timedelta(days=2)
_WORKING_HOURS_A_DAY = 8


def _deciders(s: Situation) -> Iterable[Party]:
    return (party for party in s.case.parties if party.id in s.party_ids)


def _names(parties: Iterable[Party]) -> str:
    return listed(party.name for party in parties)


# Consent.


def _without_consent(s: Situation) -> list[Party]:
    given = {consent.party for consent in s.current(Consent, "given")}
    return [party for party in _deciders(s) if party.id not in given]


@unanimous
@condition(
    "every party has consented",
    tells=lambda s: say(
        "every party has consented; no consent stands for: %(parties)s", parties=_names(_without_consent(s))
    ),
    mended_by=("give_consent",),
)
def every_party_consented(s: Situation) -> bool:
    """Ask that consent was given by all and revoked by none."""
    return not _without_consent(s)


@condition(
    "this party has not consented yet; to consent on other terms, take the consent back first",
    weighs_inputs=True,
    once=True,
)
def the_party_has_not_consented(s: Situation) -> bool:
    """Count a consent once."""
    return all(consent.party != s.party_id for consent in s.current(Consent, "given"))


# The stakeholder map.


def _mapped(s: Situation, *states: str) -> list[Stakeholder]:
    """List those on the map that the team can read: what a party keeps to itself binds nobody else."""
    hidden = (f"{roles.CAUCUS}:", f"{roles.PRIVATE}:")
    return [one for one in s.case.all(Stakeholder, *states) if not one.zone.startswith(hidden)]


def _without_decider(s: Situation) -> list[Party]:
    engaged = {one.side for one in _mapped(s, "engaged") if one.part == "decides"}
    return [party for party in _deciders(s) if party.id not in engaged]


@condition(
    "every party has somebody on the stakeholder map who decides and is engaged",
    mended_by=("map_stakeholder", "engage_stakeholder"),
    tells=lambda s: say(
        "somebody who decides must be on the stakeholder map and engaged for: %(parties)s",
        parties=_names(_without_decider(s)),
    ),
)
def every_decider_is_engaged(s: Situation) -> bool:
    """Ask that nobody mediates past whoever decides."""
    return not _without_decider(s)


@condition(
    "whoever is missing from the stakeholder map was engaged, or the reason why not is recorded",
    mended_by=("engage_stakeholder",),
)
def nobody_is_missing(s: Situation) -> bool:
    """Ask for an answer to every voice that is missing."""
    return not any(one.part == "is missing" for one in _mapped(s, "mapped"))


@condition("a reason is given for leaving somebody out", weighs_inputs=True)
def leaving_out_has_a_reason(s: Situation) -> bool:
    """Ask why somebody stays out."""
    return bool(s.given("engaged")) or bool(s.text("reason"))


@condition("what is recorded as done does not lie ahead", weighs_inputs=True)
def the_date_lies_behind(s: Situation) -> bool:
    """Refuse a contact or a service that has not happened."""
    dates = (s.given(name) for name in ("contacted_at", "served_at"))
    return all(date <= s.at for date in dates if isinstance(date, datetime))


# The authority register.


def _may(s: Situation, wanted: str) -> bool:
    return s.party is None or bool(authority.held(s, wanted))


_AUTHORITY = {
    "negotiate": say("your authority to negotiate for %(party)s"),
    "sign": say("your authority to sign for %(party)s"),
    "ratify": say("your authority to ratify for %(party)s"),
}


def _why_not(wanted: str) -> Callable[[Situation], str]:
    """Say whose authority is missing, and since when where it was there once."""

    def tell(s: Situation) -> str:
        subject = {"authority": say(_AUTHORITY[wanted], party=s.party.name if s.party else "")}
        found = authority.mandates(s, s.party_id, wanted, person=s.actor.person)
        if not found:
            return say("%(authority)s is not on the register", **subject)
        last = max(found, key=lambda one: (one.state == "recorded", one.valid_until or one.valid_from))
        if last.state == "revoked":
            return say("%(authority)s was revoked (%(why)s)", **subject, why=last.why)
        if last.valid_from > s.at:
            return say("%(authority)s begins only on %(day)s", **subject, day=last.valid_from)
        return say("%(authority)s lapsed on %(day)s", **subject, day=last.valid_until or "")

    return tell


@condition(
    "whoever acts has valid authority to negotiate for their party",
    tells=_why_not("negotiate"),
    mended_by=("record_mandate",),
)
def they_may_negotiate(s: Situation) -> bool:
    """Let nobody accept terms without a mandate."""
    return _may(s, "negotiate")


@condition(
    "whoever signs has authority to sign for their party, valid at this instant",
    tells=_why_not("sign"),
    mended_by=("record_mandate",),
)
def they_may_sign(s: Situation) -> bool:
    """Let nobody sign without a mandate, or after it lapsed."""
    return _may(s, "sign")


@condition(
    "whoever ratifies has authority to ratify for their party, valid at this instant",
    tells=_why_not("ratify"),
    mended_by=("record_mandate",),
)
def they_may_ratify(s: Situation) -> bool:
    """Let nobody bind their party without a mandate, or after it lapsed."""
    return _may(s, "ratify")


def _beyond(s: Situation) -> str:
    if "amount" not in (s.inputs or {}):
        return say(
            "what it is worth is more than your authority covers: "
            "have it raised, or answer with an offer of your own, subject to approval"
        )
    return say(
        "what it is worth is more than your authority covers: have it raised, or mark the offer as subject to approval"
    )


@condition(
    "what an offer is worth is covered by the authority of whoever makes or accepts it, or is subject to approval",
    weighs_inputs=True,
    tells=_beyond,
    mended_by=("record_mandate",),
)
def the_terms_are_within_their_authority(s: Situation) -> bool:
    """Let nobody bind their party beyond their limits; whoever offers more says that others must approve it."""
    worth, held = _worth(s), authority.held(s, "negotiate")
    if not held or not isinstance(worth, Decimal) or s.given("subject_to_approval"):
        return True
    return any(one.amount is None or worth <= one.amount for one in held)


def _worth(s: Situation) -> Value:
    """Return what the offer is worth: the one that is made, where the act makes one, else the one it answers."""
    answered = s.item(Offer)
    return answered.amount if answered is not None and "amount" not in (s.inputs or {}) else s.given("amount")


def _without_mandate(s: Situation, *instants: datetime) -> list[Party]:
    """List the parties for which nobody may negotiate at all these instants."""
    return [
        party
        for party in _deciders(s)
        if not any(all(map(one.valid, instants)) for one in authority.mandates(s, party.id, "negotiate"))
    ]


@condition(
    "somebody has valid authority to negotiate for every party",
    tells=lambda s: say(
        "nobody has valid authority to negotiate for: %(parties)s", parties=_names(_without_mandate(s, s.at))
    ),
    mended_by=("record_mandate",),
)
def every_party_may_negotiate(s: Situation) -> bool:
    """Ask that a settlement comes from people who may make one."""
    return not _without_mandate(s, s.at)


@condition(
    "the authority to negotiate for every party lasts beyond the planned end of the mediation",
    mended_by=("record_mandate",),
    tells=lambda s: say(
        "authority to negotiate, valid beyond %(day)s, is missing for: %(parties)s",
        day=planned_end(s),
        parties=_names(_without_mandate(s, s.at, planned_end(s))),
    ),
)
def every_mandate_outlasts_the_mediation(s: Situation) -> bool:
    """Begin nothing that nobody may bring to its end."""
    return not _without_mandate(s, s.at, planned_end(s))


def planned_end(s: Situation) -> datetime:
    """Estimate when a mediation that begins now is over: the longest clock of a stage whose duty is the mediator's."""
    clocks = (stage.deadline for stage in s.process.stages.values() if stage.duty == "mediator")
    spans = (_span(s, clock) for clock in clocks if clock is not None and clock.spans)
    return max((s.at + _roughly(span) for span in spans), default=s.at)


def _span(s: Situation, clock: Deadline) -> Duration:
    agreed = s.case.clocks.get(clock.clock)
    return Duration.parse(agreed) if agreed else clock.spans[s.case.urgency]


def _roughly(span: Duration) -> timedelta:
    match span.unit:
        case Unit.WORKING_DAY:
            return timedelta(days=span.amount * _DAYS_PER_WORKING_DAY) + _REST
        case Unit.WORKING_HOUR:
            return timedelta(days=span.amount / _WORKING_HOURS_A_DAY * _DAYS_PER_WORKING_DAY) + _REST
        case Unit.CIVIL_DAY:
            return timedelta(days=span.amount)
        case _:
            return span.span


@condition("nobody puts their own authority on the register", weighs_inputs=True)
def nobody_mandates_themselves(s: Situation) -> bool:
    """Refuse self-approval."""
    return s.actor.person not in s.texts("people")


@condition("the authority is given to people of this party", weighs_inputs=True)
def the_people_are_of_the_party(s: Situation) -> bool:
    """Ask that whoever is to bind a party belongs to it in this case."""
    people = {one for held in s.party.people.values() for one in held} if s.party else set()
    return set(s.texts("people")) <= people


@condition("the authority ends after it begins, and has not ended yet", weighs_inputs=True)
def the_mandate_has_a_time(s: Situation) -> bool:
    """Refuse an authority that never holds."""
    begins, ends = s.given("valid_from"), s.given("valid_until")
    if not isinstance(ends, datetime):
        return True
    return ends > (max(begins, s.at) if isinstance(begins, datetime) else s.at)


@condition("the authority taken back is one of your own party", weighs_inputs=True)
def the_mandate_is_of_their_party(s: Situation) -> bool:
    """Let the team, or the party itself, take an authority back."""
    mandate, mine = s.item(Mandate), {party.id for party in s.speaks_for}
    return mandate is None or not mine or mandate.party in mine


# The process agreement.


def _not_accepted(s: Situation) -> list[Party]:
    """List the parties that have accepted no text which is in force or came closest to it."""
    found = s.current(ProcessAgreement, "accepted") or s.current(ProcessAgreement, "proposed")
    accepted = found[-1].accepted_by if found else frozenset()
    return [party for party in _deciders(s) if party.id not in accepted]


@condition(
    "every party has accepted the process agreement",
    tells=lambda s: say("the process agreement must be accepted by: %(parties)s", parties=_names(_not_accepted(s))),
    mended_by=("accept_process_agreement", "propose_process_agreement"),
)
def the_process_is_agreed(s: Situation) -> bool:
    """Ask for ground rules that all accepted, those who joined late among them."""
    return bool(s.current(ProcessAgreement, "accepted")) and not _not_accepted(s)


def _beyond_the_limits(s: Situation) -> str:
    """Say which clocks the parties may not set like this; empty when all are within the limits."""
    limits, wrong = s.process.limits, list[str]()
    for line in s.texts("clocks"):
        name, _, span = line.strip().partition(" ")
        if name not in limits:
            wrong.append(
                say(
                    "“%(line)s” names no clock the parties may set; these are: %(limits)s",
                    line=line,
                    limits=listed(limits) or say("none"),
                )
            )
        elif not _allowed(limits[name], span):
            wrong.append(
                say(
                    "the parties may set “%(name)s” from %(limits)s, not to “%(span)s”",
                    name=name,
                    limits=limits[name].said,
                    span=span.strip(),
                )
            )
    return together(wrong)


def _allowed(limits: Limits, span: str) -> bool:
    try:
        return limits.allow(Duration.parse(span))
    except DurationError:
        return False


@condition(
    "the clocks the parties set are within the limits of the definition", weighs_inputs=True, tells=_beyond_the_limits
)
def the_clocks_are_within_limits(s: Situation) -> bool:
    """Let the parties set their own time, within what the office allows."""
    return not _beyond_the_limits(s)


@condition("this party has not accepted this text yet", weighs_inputs=True)
def the_rules_are_not_accepted_yet(s: Situation) -> bool:
    """Count an acceptance once."""
    seen = s.item(ProcessAgreement)
    return seen is None or s.party_id not in seen.accepted_by
