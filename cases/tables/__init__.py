"""Every table of the record under one name, so that a query reads `tables.cases` wherever the table is written down.

Names are plural; instants are whole microseconds since 1970 in UTC; JSON is kept as text, written by `cases.codec`
alone, because what is hashed must come back byte for byte. Tables name each other in their foreign keys as text, so
they are of use only all together, and this is the one door to them.
"""

from cases.tables.access import decision_links, decision_visits, feeds, links, personal_codes, sessions
from cases.tables.arrivals import address_faults, arrival_files, arrivals, unreached
from cases.tables.clockwork import ARMED, TimerState, heartbeats, timers
from cases.tables.columns import Instant, metadata
from cases.tables.definitions import calendars, migrated_cases, process_migrations, processes
from cases.tables.directory import absences, committees, delegations, neutrals, organisations, people, posts
from cases.tables.factors import begun, identities, kept_forms, passkeys, passwords, recovery_codes, totps
from cases.tables.finding import FULL_TEXT, case_readers, search_entries
from cases.tables.jobs import job_lines, jobs
from cases.tables.keeping import looks, retention
from cases.tables.lists import case_listings, saved_views
from cases.tables.mail import (
    HELD,
    WAITING,
    NotificationState,
    deliveries,
    mail_wishes,
    messages,
    notifications,
    wordings,
)
from cases.tables.programs import api_answers, api_tokens
from cases.tables.record import (
    case_marks,
    case_people,
    case_places,
    case_texts,
    case_windows,
    cases,
    commands,
    counters,
    event_bodies,
    events,
    items,
    notebook,
)
from cases.tables.webhooks import UNTOLD, webhook_deliveries, webhook_tries, webhooks

__all__ = [
    "ARMED",
    "FULL_TEXT",
    "HELD",
    "UNTOLD",
    "WAITING",
    "Instant",
    "NotificationState",
    "TimerState",
    "absences",
    "address_faults",
    "api_answers",
    "api_tokens",
    "arrival_files",
    "arrivals",
    "begun",
    "calendars",
    "case_listings",
    "case_marks",
    "case_people",
    "case_places",
    "case_readers",
    "case_texts",
    "case_windows",
    "cases",
    "commands",
    "committees",
    "counters",
    "decision_links",
    "decision_visits",
    "delegations",
    "deliveries",
    "event_bodies",
    "events",
    "feeds",
    "heartbeats",
    "identities",
    "items",
    "job_lines",
    "jobs",
    "kept_forms",
    "links",
    "looks",
    "mail_wishes",
    "messages",
    "metadata",
    "migrated_cases",
    "neutrals",
    "notebook",
    "notifications",
    "organisations",
    "passkeys",
    "passwords",
    "people",
    "personal_codes",
    "posts",
    "process_migrations",
    "processes",
    "recovery_codes",
    "retention",
    "saved_views",
    "search_entries",
    "sessions",
    "timers",
    "totps",
    "unreached",
    "webhook_deliveries",
    "webhook_tries",
    "webhooks",
    "wordings",
]
