"""Builds a `Process` from the merged tree of a definition: the whole syntax of the process language, in one place."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from config import clauses, deadlines, entries, yaml_nodes
from states import answering, durations, expressions, fields, findings, process, whom_to_ask

if TYPE_CHECKING:
    from config.entries import Entry

_UNCHANGED = "unchanged"
_WORDS_OF_A_TRIGGER = {"answers": answering.ANSWERS, "stay": ("begin", "end"), "shared_with": ("joined",)}
_WITHIN = durations.Duration(365, durations.Unit.CIVIL_DAY)
_NOTICE = durations.Duration(10, durations.Unit.WORKING_DAY)
_GRACE = durations.Duration(60, durations.Unit.MINUTE)
_EQUAL = durations.Duration(1, durations.Unit.WORKING_DAY)
_AT_ONCE = durations.Duration(0, durations.Unit.MINUTE)
_CAP = durations.Duration(30, durations.Unit.CIVIL_DAY)
# Tables whose names are the office's own: people see them in the order they are written.
_OWN_NAMES = frozenset(
    {
        *("phases", "roles", "fields", "conditions", "clocks", "stages"),
        *("triggers", "tiers", "deadlines", "mails", "clauses", "inputs", "set", "limits", "deemed_served", "posts"),
    }
)
_TOP = """
process title prefix timezone calendar rules late_grace stay extension evidence strikes deemed_served service
phases roles fields conditions clocks limits
initial may_open opening_mails proposal_mails vote_mails change_mails
stages triggers ladder deadlines recurrence tours mails clauses
"""
_INNER = """
label asks says help kind type phase scope of at until states since due_from starts stops after_closing while_stayed
least most choices initial due
required
from to moves who owner roles posts find quorum acts informs may reads
duty clock reminders reminder_mail mail silence then means fires when
needs holds inputs does set opens there shared_with mails zone tier question because settles calls answers stay extends
agreed_by seconded_by voted_by outcome final invitation
"""
_RANKS = {words: {word: rank for rank, word in enumerate(words.split())} for words in (_TOP, _INNER)}


def order(table: str, key: str) -> tuple[int, str]:
    """Rank a key of the language within its table; names of the office's own keep their order."""
    if table in _OWN_NAMES:
        return (0, "")
    ranks = _RANKS[_INNER if table else _TOP]
    return (ranks.get(key, len(ranks)), key)


def build(tree: yaml_nodes.Node, problems: yaml_nodes.Problems) -> process.Process:
    """Build the process that a merged tree describes; every problem of its syntax is noted."""
    source = yaml_nodes.write(tree, order=order)
    top = entries.Entry(tree, problems, place="the definition")
    # Laid under the tree before it came here, but a word of the language all the same.
    top.node("extends")
    clocks = deadlines.Clocks(top.inner("clocks"))
    ladder = top.inner("ladder", place="the ladder")
    evidence = top.inner("evidence")
    built = process.Process(
        name=top.text("process"),
        title=top.sentence("title"),
        hash=hashlib.sha256(source.encode()).hexdigest(),
        source=source,
        prefix=top.text("prefix"),
        timezone=_timezone(top),
        calendar=top.text("calendar"),
        initial=top.text("initial"),
        may_open=top.names("may_open"),
        opening_mails=top.names("opening_mails"),
        proposal_mails=top.names("proposal_mails"),
        vote_mails=top.names("vote_mails"),
        change_mails=top.names("change_mails"),
        rules=_rules(top.inner("rules")),
        late_grace_minutes=_minutes(top),
        stay=_cap(top.inner("stay")),
        extension=_cap(top.inner("extension")),
        strikes=top.whole("strikes", 1),
        deemed_served=_deemed_served(top.inner("deemed_served")),
        service=_service(top.inner("service")) if "service" in top else None,
        evidence_until=evidence.text("until") if "evidence" in top else None,
        limits=clocks.limits(top),
        phases=_phases(top.inner("phases")),
        roles={name: _role(name, entry) for name, entry in top.section("roles", "role")},
        fields={name: _case_field(name, entry) for name, entry in top.section("fields", "field")},
        conditions={name: _condition(name, entry) for name, entry in top.section("conditions", "condition")},
        stages={name: _stage(name, entry, clocks) for name, entry in top.section("stages", "stage")},
        triggers={name: _trigger(name, entry) for name, entry in top.section("triggers", "trigger")},
        tiers={name: _tier(name, entry, clocks) for name, entry in ladder.section("tiers", "tier")},
        deadlines={name: deadlines.own(name, entry, clocks) for name, entry in top.section("deadlines", "deadline")},
        mails={name: _mail(name, entry) for name, entry in top.section("mails", "mail")},
        clauses={name: clauses.clause(name, entry) for name, entry in top.section("clauses", "clause")},
        recurrence=_recurrence(top.inner("recurrence")) if "recurrence" in top else None,
        tours=_tours(top.inner("tours")) if "tours" in top else None,
    )
    evidence.close()
    ladder.close()
    top.close()
    clocks.close()
    return built


def places(tree: yaml_nodes.Node) -> dict[str, yaml_nodes.Mark]:
    """Say where each named thing of a definition stands, by the names the checker uses ("stage screening")."""
    found = {key: node.mark for key, node in tree.table.items()}
    tiers = tree.table.get("ladder", tree).table.get("tiers")
    sections = {**tree.table, **({"tiers": tiers} if tiers else {})}
    for section, node in sections.items():
        found |= {f"{section.removesuffix('s')} {name}": part.mark for name, part in node.table.items()}
    return found


def _timezone(top: Entry) -> str:
    name = top.text("timezone")
    try:
        ZoneInfo(name or "UTC")
    except (OSError, ValueError, KeyError):
        top.wrong(f"“{name}” is not a time zone; write one like Africa/Juba", key="timezone")
    return name


def _cut_off(entry: Entry) -> time | None:
    hour = entry.optional("cut_off")
    try:
        return time.fromisoformat(hour) if hour else None
    except ValueError:
        entry.wrong(f"“{hour}” is not an hour of the day; write one like 17:00", key="cut_off")
        return None


def _rules(entry: Entry) -> durations.Rules:
    rules = durations.Rules(
        cut_off=_cut_off(entry),
        roll=entry.choice("roll", durations.Roll, durations.Roll.NONE),
        day_ends=entry.choice("day_ends", durations.DayEnds, durations.DayEnds.CLOSE),
    )
    entry.close()
    return rules


def _minutes(top: Entry) -> int:
    grace = top.span("late_grace", _GRACE)
    if not grace.unit.elapsed:
        top.wrong(f"“late_grace” is {grace}, but is counted by the clock; write minutes or hours, like 60 min")
        return 0
    return int(grace.span.total_seconds()) // 60


def _cap(entry: Entry) -> process.Cap:
    cap = entry.span("cap", _CAP)
    if cap.unit is not durations.Unit.CIVIL_DAY:
        entry.wrong(f"the cap of {entry.place} is {cap}, but is counted in civil days; write one like 30 cd", key="cap")
    limit = entry.whole("limit", 2)
    entry.close()
    return process.Cap(days=cap.amount, limit=limit)


def _deemed_served(entry: Entry) -> dict[str, durations.Duration]:
    """Read after which span a notice counts as received, by the method's own words."""
    return {method: _from_the_service(entry, method) for method, _ in entry.by_key()}


def _from_the_service(entry: Entry, method: str) -> durations.Duration:
    span = entry.span(method, _AT_ONCE)
    if span.amount < 0:
        entry.wrong(f"“{method}” is {span}; a notice counts as received after its service, like 3 wd", key=method)
    return span


def _service(entry: Entry) -> process.Service:
    rule = process.Service(
        mail=entry.text("mail"),
        desk=entry.text("desk", ""),
        cut_off=_cut_off(entry),
        equal_notice=entry.span("equal_notice", _EQUAL),
    )
    if rule.equal_notice.amount < 0:
        entry.wrong(
            f"“equal_notice” is {rule.equal_notice}, but is a span after the first was told; write one like 1 wd",
            key="equal_notice",
        )
    entry.close()
    return rule


def _phases(entry: Entry) -> dict[str, str]:
    return {name: entry.sentence(name) for name, _ in entry.table("phase")}


def _role(name: str, entry: Entry) -> process.Role:
    role = process.Role(
        name=name,
        label=entry.sentence("label"),
        scope=entry.choice("scope", process.RoleScope),
        reads=entry.names("reads", ("shared",)),
        line=entry.line,
    )
    entry.close()
    return role


def _case_field(name: str, entry: Entry) -> fields.Field:
    """Read a field of the case, which says who reads it; an input is read by whoever reads its act."""
    zone = entry.text("zone", "shared")
    return replace(_field(name, entry), zone=zone)


def _field(name: str, entry: Entry) -> fields.Field:
    built = fields.Field(
        name=name,
        type=entry.choice("type", fields.FieldType),
        label=entry.sentence("label"),
        required=entry.truth("required", default=True),
        choices=entry.sentences("choices"),
        of=entry.optional("of"),
        states=entry.names("states"),
        help=entry.sentence("help", ""),
        line=entry.line,
    )
    return _with_initial(built, entry)


def _with_initial(built: fields.Field, entry: Entry) -> fields.Field:
    raw = entry.names("initial") if built.type.many else entry.optional("initial")
    entry.close()
    if built.type is fields.FieldType.FILE:
        entry.wrong(
            f"{entry.place}: a file is always a document of its own; let the act do: [add_document]", key="type"
        )
    if (built.type.one is fields.FieldType.CHOICE) != bool(built.choices):
        entry.wrong(f"{entry.place}: choices belong to the type “choice”, and it needs some; write choices: [a, b]")
    elif raw:
        try:
            return replace(built, initial=fields.read(built, raw))
        except fields.Unreadable as error:
            entry.wrong(f"the initial value of {entry.place}: {error}", key="initial")
    return built


def _condition(name: str, entry: Entry) -> process.NamedCondition:
    entry.text("holds")
    condition = process.NamedCondition(
        name=name, says=entry.sentence("says"), holds=entry.expression("holds"), line=entry.line
    )
    entry.close()
    return condition


def _stage(name: str, entry: Entry, clocks: deadlines.Clocks) -> process.Stage:
    label = entry.sentence("label")
    stage = process.Stage(
        name=name,
        label=label,
        phase=entry.text("phase"),
        duty=entry.optional("duty"),
        deadline=deadlines.hung_on(name, entry, clocks, scope=process.DeadlineScope.STAGE),
        final=entry.truth("final", default=False),
        help=entry.sentence("help", ""),
        line=entry.line,
    )
    entry.close()
    return stage


def _tier(name: str, entry: Entry, clocks: deadlines.Clocks) -> process.Tier:
    tier = process.Tier(
        name=name,
        label=entry.sentence("label"),
        roles=entry.names("roles"),
        may=entry.sentence("may", ""),
        acts=_known(entry, "acts", answering.ANSWERS),
        quorum=_quorum(entry),
        posts=_posts(entry.inner("posts")),
        find=_known(entry, "find", whom_to_ask.WAYS, whom_to_ask.WAYS),
        informs=entry.names("informs"),
        deadline=deadlines.hung_on(name, entry, clocks, scope=process.DeadlineScope.TIER),
        line=entry.line,
    )
    entry.close()
    return tier


def _known(entry: Entry, key: str, words: tuple[str, ...], default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Take a list of words of the language."""
    found = entry.names(key, default)
    for word in found:
        if word not in words:
            entry.wrong(f"“{word}” is not known under “{key}”; {findings.nearest(word, words)}", key=key)
    return found


def _quorum(entry: Entry) -> str:
    """Take whose yes an answer of a tier needs."""
    words = (process.ANYBODY, process.EACH_PARTY, process.COMMITTEE, process.REPORT)
    said = entry.text("quorum", process.ANYBODY)
    if said not in words and not (said.isascii() and said.isdigit() and int(said) > 0):
        entry.wrong(f"“quorum” is “{said}”; write {', '.join(words)}, or a number of people such as 2", key="quorum")
        return process.ANYBODY
    return said


def _posts(entry: Entry) -> dict[str, tuple[str, ...]]:
    """Take the posts of a tier, by the kind of organisation that has them."""
    return {kind: entry.names(kind) for kind, _ in entry.table("kind of organisation")}


def _calls(entry: Entry) -> process.Calls | None:
    """Take whom an act calls: the people of a tier, and posts beside them."""
    tier, posts = entry.optional("tier"), _posts(entry.inner("posts"))
    if tier is None and posts:
        entry.wrong(f"{entry.place} names posts and no tier; write {{tier: T1, posts: …}}", key="posts")
    entry.close()
    return None if tier is None else process.Calls(tier, posts)


def _trigger(name: str, entry: Entry) -> process.Trigger:
    trigger = process.Trigger(
        name=name,
        label=entry.sentence("label"),
        help=entry.sentence("help", ""),
        moves=_moves(entry),
        who=entry.names("who"),
        owner=entry.optional("owner"),
        needs=entry.names("needs"),
        inputs={key: _field(key, inner) for key, inner in entry.section("inputs", "input")},
        does=entry.names("does"),
        sets=_sets(entry.inner("set")),
        mails=entry.names("mails"),
        zone=entry.text("zone", "shared"),
        tier=entry.optional("tier"),
        question=entry.optional("question"),
        because=entry.text("because", ""),
        settles=entry.names("settles"),
        calls=_calls(entry.inner("calls")),
        answers=entry.optional("answers"),
        stay=entry.optional("stay"),
        extends=entry.optional("extends"),
        agreed_by=entry.optional("agreed_by"),
        seconded_by=entry.optional("seconded_by"),
        voted_by=entry.optional("voted_by"),
        outcome=_outcome(entry),
        there=entry.optional("there"),
        opens=entry.truth("opens", default=False),
        shared_with=entry.optional("shared_with"),
        line=entry.line,
    )
    for key, words in _WORDS_OF_A_TRIGGER.items():
        said = getattr(trigger, key)
        if said not in (None, *words):
            entry.wrong(f"“{key}” is “{said}”; write {' or '.join(words)}", key=key)
    entry.close()
    return trigger


def _recurrence(entry: Entry) -> process.Recurrence:
    within = entry.span("within", _WITHIN)
    if within.unit is not durations.Unit.CIVIL_DAY:
        entry.wrong(f"“within” is {within}, but is counted in civil days; write one like 365 cd", key="within")
    rule = process.Recurrence(
        times=entry.whole("times", 3),
        within_days=within.amount,
        opens=entry.text("opens"),
        urgency=entry.choice("urgency", process.Urgency, process.Urgency.U4),
        begins=entry.text("begins"),
        gathers=entry.text("gathers"),
        without=entry.names("without"),
    )
    entry.close()
    return rule


def _tours(entry: Entry) -> process.Tours:
    rule = process.Tours(
        notice=entry.span("notice", _NOTICE),
        mail=entry.text("mail"),
        asks=entry.sentence("asks"),
        means=entry.sentence("means"),
    )
    if rule.notice.amount < 1:
        entry.wrong(f"“notice” is {rule.notice}, but is a span before the end; write one like 10 wd", key="notice")
    entry.close()
    return rule


def _outcome(entry: Entry) -> str | None:
    return entry.sentence("outcome") if "outcome" in entry else entry.optional("outcome")


def _moves(entry: Entry) -> tuple[process.Move, ...]:
    if "moves" not in entry:
        if "from" not in entry:
            entry.wrong(f'{entry.place} starts nowhere; add the line “from: …” with a stage, a list of stages or "*"')
        return (_move(entry),)
    for key in ("from", "to"):
        if key in entry:
            entry.wrong(f"{entry.place} has both “moves” and “{key}”; keep one of the two", key=key)
            entry.node(key)
    rows = list(entry.rows("moves"))
    moves = tuple(replace(_move(row), needs=row.names("needs"), outcome=_outcome(row)) for row in rows)
    for row in rows:
        row.close()
    return moves


def _move(entry: Entry) -> process.Move:
    to = entry.text("to", _UNCHANGED)
    return process.Move(sources=entry.names("from"), to=None if to == _UNCHANGED else to)


def _sets(entry: Entry) -> dict[str, expressions.Expression]:
    return {name: entry.expression(name) for name, _ in entry.table("field")}


def _mail(name: str, entry: Entry) -> process.Mail:
    mail = process.Mail(
        name=name,
        kind=entry.choice("kind", process.MailKind),
        to=entry.names("to"),
        due=entry.text("due", ""),
        silence=entry.text("silence", ""),
        formal=entry.truth("formal", default=False),
        urgent=entry.truth("urgent", default=False),
        invitation=entry.choice("invitation", process.Invitation) if "invitation" in entry else None,
        line=entry.line,
    )
    entry.close()
    return mail
