"""Reads the clocks of a definition: named spans, reminders, and what silence means when the time is up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from states import durations, errors, findings, process

if TYPE_CHECKING:
    from config.entries import Entry

Spans = Mapping[process.Urgency, durations.Duration]

_DEFAULT_REMINDER = "duty_reminder"
_STOPS, _RUNS = "stops", "runs"
_ALL = "shared"
_OF_A_DEADLINE = ("clock", "reminders", "silence", "then", "when", "while_stayed")
_FOREIGN: Mapping[process.DeadlineScope, tuple[str, ...]] = {
    process.DeadlineScope.STAGE: ("after_closing", "due_from", "since", "starts", "states", "stops"),
    process.DeadlineScope.CASE: ("due_from", "of", "since", "states"),
    process.DeadlineScope.ITEM: ("after_closing", "starts"),
}
_PLACEHOLDER = durations.Duration(1, durations.Unit.WORKING_DAY)


class Clocks:
    """The named spans of a definition, and which of them were used."""

    def __init__(self, entry: Entry) -> None:
        """Read the table of clocks."""
        self._entry = entry
        self._spans = {name: _spans(entry, name) for name, _ in entry.table("clock")}
        self._used: set[str] = set()

    def of(self, entry: Entry) -> Spans:
        """Read the `clock` of a stage, tier or deadline: a name under clocks, or spans of its own."""
        node = entry.node("clock")
        if node is None or not isinstance(node.value, str):
            return _spans(entry, "clock")
        if node.value in self._spans:
            self._used.add(node.value)
            return self._spans[node.value]
        try:
            durations.Duration.parse(node.value)
        except errors.DurationError:
            near = findings.nearest(node.value, self._spans)
            entry.wrong(
                f"clock “{node.value}” is neither a name under clocks nor a span like 3 wd; {near}", key="clock"
            )
            return {}
        return _spans(entry, "clock")

    def name(self, entry: Entry) -> str:
        """Return the name of the clock an entry runs by; empty when its span is its own."""
        node = entry.node("clock")
        return node.value if node is not None and isinstance(node.value, str) and node.value in self._spans else ""

    def limits(self, entry: Entry) -> dict[str, process.Limits]:
        """Read what the parties may agree on for each clock."""
        return {name: self._limits(name, inner) for name, inner in entry.section("limits", "limit")}

    def _limits(self, name: str, entry: Entry) -> process.Limits:
        if name not in self._spans:
            entry.wrong(f"there is no clock “{name}”; {findings.nearest(name, self._spans)}")
        entry.text("least")
        entry.text("most")
        limits = process.Limits(least=_positive(entry, "least"), most=_positive(entry, "most"))
        if limits.least.unit != limits.most.unit or limits.least.amount > limits.most.amount:
            entry.wrong(f"the limits of {name} are {limits}; write both in one unit, the shorter one first")
        entry.close()
        return limits

    def close(self) -> None:
        """Refuse the clocks that nothing runs by."""
        for name in self._spans:
            if name not in self._used:
                self._entry.wrong(f"clock {name}: nothing runs by it; use it or take it away", key=name)


def hung_on(name: str, entry: Entry, clocks: Clocks, *, scope: process.DeadlineScope) -> process.Deadline | None:
    """Read the deadline of a stage or tier, which bears its name; None where nothing of a deadline stands there."""
    present = [key for key in _OF_A_DEADLINE if key in entry]
    duty = entry.text("duty", "")
    calendar, mail = entry.optional("calendar"), entry.text("reminder_mail", _DEFAULT_REMINDER)
    asks = entry.sentence("asks", "")
    if not present:
        return None
    return process.Deadline(
        name=name,
        label=entry.sentence("label", name),
        scope=scope,
        of=name,
        duty=duty,
        silences=_silences(entry),
        spans=clocks.of(entry),
        clock=clocks.name(entry),
        runs_while_stayed=_runs_while_stayed(entry),
        reminders=_reminders(entry, mail),
        when=entry.names("when"),
        calendar=calendar,
        asks=asks,
        line=entry.line,
    )


def own(name: str, entry: Entry, clocks: Clocks) -> process.Deadline:
    """Read a deadline that hangs on the case, on its items, or on a stage beside the stage's own clock."""
    deadline = process.Deadline(
        name=name,
        label=entry.sentence("label"),
        scope=entry.choice("scope", process.DeadlineScope),
        of=entry.optional("of"),
        states=entry.names("states"),
        since=entry.optional("since"),
        due_from=entry.optional("due_from"),
        starts=entry.names("starts"),
        stops=entry.names("stops"),
        after_closing=entry.truth("after_closing", default=False),
        duty=entry.text("duty"),
        silences=_silences(entry),
        spans=clocks.of(entry),
        clock=clocks.name(entry),
        runs_while_stayed=_runs_while_stayed(entry),
        reminders=_reminders(entry, entry.text("reminder_mail", _DEFAULT_REMINDER)),
        when=entry.names("when"),
        zone=entry.text("zone", _ALL),
        calendar=entry.optional("calendar"),
        asks=entry.sentence("asks", ""),
        line=entry.line,
    )
    _fits_scope(deadline, entry)
    entry.close()
    return deadline


def _fits_scope(deadline: process.Deadline, entry: Entry) -> None:
    if deadline.scope is process.DeadlineScope.TIER:
        entry.wrong(f"{entry.place} hangs on a tier; write its clock there, not here", key="scope")
        return
    if deadline.scope is process.DeadlineScope.STAGE and not deadline.of:
        entry.wrong(f"{entry.place} does not say on which stage it runs; add the line “of: …”")
    for key in _FOREIGN[deadline.scope]:
        if key in entry:
            entry.wrong(f"{entry.place}: “{key}” has no meaning at the scope “{deadline.scope}”; take it away", key=key)


def _runs_while_stayed(entry: Entry) -> bool:
    word = entry.text("while_stayed", _STOPS)
    if word not in {_STOPS, _RUNS}:
        entry.wrong(f"“while_stayed” is “{word}”; write {_STOPS} or {_RUNS}", key="while_stayed")
    return word == _RUNS


def _silences(entry: Entry) -> tuple[process.Silence, ...]:
    first = entry.inner("silence", place=f"the silence of {entry.place}")
    steps = [first] if "silence" in entry else []
    steps += entry.rows("then")
    return tuple(_silence(step) for step in steps)


def _silence(entry: Entry) -> process.Silence:
    silence = process.Silence(
        means=entry.sentence("means"), fires=entry.text("fires"), at=entry.offset("at"), when=entry.names("when")
    )
    if "means" in entry and not silence.means.strip():
        entry.wrong("silence means nothing here; say in one sentence what happens when nobody acts", key="means")
    entry.close()
    return silence


def _reminders(entry: Entry, mail: str) -> tuple[process.Reminder, ...]:
    return tuple(_reminder(row, mail) for row in entry.rows("reminders"))


def _reminder(entry: Entry, mail: str) -> process.Reminder:
    entry.text("at")
    reminder = process.Reminder(
        at=entry.offset("at"), mail=entry.text("mail", mail), to=entry.names("to"), when=entry.names("when")
    )
    entry.close()
    return reminder


def _spans(entry: Entry, key: str) -> Spans:
    node = entry.node(key)
    if node is None:
        return {}
    if isinstance(node.value, str):
        return dict.fromkeys(process.Urgency, _positive(entry, key))
    inner = entry.inner(key, place=f"the clock of {entry.place}" if key == "clock" else f"clock {key}")
    for urgency in process.Urgency:
        inner.text(urgency)
    spans = {urgency: _positive(inner, urgency) for urgency in process.Urgency}
    inner.close()
    return spans


def _positive(entry: Entry, key: str) -> durations.Duration:
    span = entry.span(key, _PLACEHOLDER)
    if span.amount < 0:
        entry.wrong(f"“{key}” is {span}, but a clock runs forward; write it without the minus", key=key)
    return span
