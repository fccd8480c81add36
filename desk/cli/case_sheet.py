"""One case on a page of the terminal, or as data for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from desk.cli import output, silence_words
from states import endings

if TYPE_CHECKING:
    from cases.queries import CaseFile, DeadlineView, Entry
    from states.machine import Option


def as_data(file: CaseFile) -> dict[str, Any]:
    """Give a case as plain data."""
    case = file.case
    hot = ("id", "number", "title", "stage", "tier", "urgency", "outcome", "cycle", "opened_at", "closed_at")
    return {
        **{name: getattr(case, name) for name in hot},
        "process": file.process.name,
        "process_version": file.process.version,
        "process_since": case.process_since or case.opened_at,
        "phase": file.process.phase_of(case.stage),
        "version": file.version,
        "head": file.head,
        "zones": sorted(file.zones),
        "roles": sorted(file.roles),
        "fields": case.fields,
        "parties": case.parties,
        "items": [{"kind": item.kind, **_facts(item)} for item in case.items],
        "next_step": file.next_step,
        "deadlines": [_deadline_data(deadline) for deadline in file.deadlines],
        "acts": [_option_data(option) for option in file.options],
        "timeline": file.timeline,
        "messages": file.messages,
    }


def people_of(file: CaseFile) -> frozenset[str]:
    """Collect the ids of everybody who has a part in the case."""
    parts = (file.case.roles, *(party.people for party in file.case.parties))
    return frozenset(person for part in parts for ids in part.values() for person in ids)


def print_sheet(file: CaseFile, names: Mapping[str, str]) -> None:
    """Print a case for a person; `names` gives the names of people by id."""
    case, process = file.case, file.process
    zone = process.timezone
    output.heading(f"{case.number}  {case.title}")
    tier = f", {process.tiers[case.tier].label} ({case.tier})" if case.tier else ""
    output.say(f"{process.phases[process.phase_of(case.stage)]}: {process.stages[case.stage].label}{tier}")
    ended = endings.how_it_ended(process, case)
    closed = f", closed {output.stamp(case.closed_at, zone)}: {ended}" if case.closed_at else ""
    stayed = f", stayed until {output.stamp(case.stay.until, zone)}" if case.stay else ""
    opened = f"opened {output.stamp(case.opened_at, zone)}"
    moved = f" since {output.stamp(case.process_since, zone)}" if case.process_since else ""
    output.say(f"{process.title}, {case.urgency}, {opened}{closed}{stayed}; times are those of {zone}")
    output.say(f"Version {process.version}{moved}")
    _print_next_step(file)
    output.table(("Who", "Side", "People"), _parties(file, names), title="Parties")
    columns = ("Clock", "Due", "Left", "Whose duty", "If nothing is done", "Due because")
    output.table(columns, [_deadline_row(one, zone) for one in file.deadlines], title="Deadlines")
    rows = [(one.trigger.name, one.trigger.label, _asked(one), "\n".join(one.missing)) for one in file.options]
    output.table(("Act", "What it is", "Asks for", "Still needs"), rows, title="What this person may do")
    rows = [(output.stamp(one.at, zone), _who(one), _what(one), one.zone) for one in file.timeline]
    output.table(("When", "Who", "What", "Seen by"), rows, title="What happened")


def _print_next_step(file: CaseFile) -> None:
    step = file.next_step
    if step is None:
        return
    who = ", ".join(holder.name for holder in step.holders) or step.duty
    zone = file.process.timezone
    due, meant = output.stamp(step.due_at, zone), silence_words.meaning(step, zone)
    output.say(f"Next: {step.what}; it is for {who}, by {due}. If nothing is done: {meant}")


def _parties(file: CaseFile, names: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    labels = {name: role.label for name, role in file.process.roles.items()}
    for party in file.case.parties:
        people = (f"{labels[role]}: {_named(ids, names)}" for role, ids in party.people.items() if ids)
        yield party.name, party.side, "\n".join(people)
    for role, ids in file.case.roles.items():
        if ids:
            yield labels[role], "", _named(ids, names)


def _named(ids: Iterable[str], names: Mapping[str, str]) -> str:
    return ", ".join(names.get(person, person) for person in ids)


def _deadline_row(deadline: DeadlineView, zone: str) -> tuple[str, ...]:
    who = ", ".join(holder.name for holder in deadline.holders) or deadline.duty
    paused = deadline.paused_until is not None
    left = "paused" if paused else span(deadline.remaining)
    reason = because(deadline.due.explain()) if deadline.due else "the date was agreed"
    return deadline.label, output.stamp(deadline.due_at, zone), left, who, silence_words.meaning(deadline, zone), reason


def because(told: Mapping[str, Any]) -> str:
    """Put the derivation of a deadline into one line."""
    amount = told["target"].partition(" ")[0]
    parts = [f"{_some(int(amount), told['basis'])} by the calendar “{told['calendar']['name']}”"]
    if told["cut_off"]:
        parts.append(f"begun after {told['cut_off']['after']} or on a day off")
    holidays = [f"{day['name']} ({day['date']})" for day in told["holidays_skipped"]]
    if told["weekend_days_skipped"]:
        parts.append(f"{_some(told['weekend_days_skipped'], 'weekend day')} left out")
    if holidays:
        parts.append(f"without {', '.join(holidays)}")
    if told["pauses"]:
        parts.append("with the time of pauses given back")
    if told["rolled"]:
        parts.append("moved off a day off")
    return "; ".join(parts)


def _some(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def span(left: timedelta) -> str:
    """Spell how much time is left, or by how much it is over, in two units at most."""
    minutes = int(abs(left).total_seconds()) // 60
    days, hours = divmod(minutes // 60, 24)
    words = f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min"
    return f"{words} over" if left < timedelta() else words


def _asked(option: Option) -> str:
    return "\n".join(
        f"{name}{'' if field.required else ' (if wanted)'}: {', '.join(field.choices) or field.type}"
        for name, field in option.inputs.items()
    )


def _who(entry: Entry) -> str:
    return entry.actor_name or entry.actor or ""


def _what(entry: Entry) -> str:
    moved = [f"to {place}" for place in (entry.stage, entry.tier) if place]
    told = (f"  {line.label}: {_shown(line.value)}" for line in entry.lines)
    return "\n".join([" ".join([entry.label, *moved]), *told])


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _facts(thing: object) -> dict[str, Any]:
    data = output.plain(thing)
    return data if isinstance(data, dict) else {}


def _deadline_data(deadline: DeadlineView) -> dict[str, Any]:
    return {
        **_facts(deadline),
        "means": deadline.means,
        "means_at": deadline.means_at,
        "remaining": deadline.remaining.total_seconds(),
        "overdue": deadline.overdue,
        "due": deadline.due.explain() if deadline.due else None,
    }


def _option_data(option: Option) -> dict[str, Any]:
    asked = [
        {
            "name": name,
            "label": field.label,
            "type": field.type,
            "required": field.required,
            "choices": field.choices,
            "of": field.of,
        }
        for name, field in option.inputs.items()
    ]
    act = option.trigger
    return {"act": act.name, "label": act.label, "ready": option.ready, "missing": option.missing, "inputs": asked}
