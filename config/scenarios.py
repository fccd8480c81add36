"""Loads scenarios, which are disputes written as data: YAML to checked values, with file and line in every error."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from config import entries, load, vocabulary, yaml_nodes
from config.scripts import (
    Act,
    Attachment,
    Demo,
    Ending,
    Expectation,
    Input,
    Opening,
    Organisation,
    PartyEntry,
    Person,
    Scenario,
)
from states import durations, errors, findings, wall_time
from states.case import Side
from states.process import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from states.process import Process

__all__ = [
    "Act",
    "Attachment",
    "Demo",
    "Ending",
    "Expectation",
    "Input",
    "Opening",
    "Organisation",
    "PartyEntry",
    "Person",
    "Scenario",
    "definition_of",
    "find_scenario",
    "load_scenario",
    "load_shipped",
    "shipped_scenarios",
]

SHIPPED = Path(__file__).with_name("scenarios")
FIRST_STEPS = Path(__file__).with_name("first_steps.yaml")
"""The case that the demonstration leaves to newcomers; it stops half-way, so it is not among the scenarios."""
_ADDRESS = re.compile(r"[a-z0-9._-]+@[a-z0-9.-]+\.example")
_LANGUAGES = frozenset({"ar", "en", "es", "fr", "ru", "zh"})
_BARE = "name", "calendar", "timezone"
_YAML = frozenset({".yaml", ".yml"})


def shipped_scenarios() -> Mapping[str, Path]:
    """Name the scenarios that come with Parley by their short names, such as S1, and their files."""
    return {path.stem.partition("_")[0]: path for path in sorted(SHIPPED.glob("*.yaml"))}


def load_shipped(name: str) -> Scenario:
    """Load a scenario that comes with Parley; raise `DefinitionError` when there is none of that name."""
    shipped = shipped_scenarios()
    if name.upper() not in shipped:
        raise errors.DefinitionError(f"no scenario “{name}” is shipped; {findings.nearest(name, shipped)}")
    return load_scenario(shipped[name.upper()])


def find_scenario(name: str) -> Scenario:
    """Load a scenario by its file, or by the name of one that comes with Parley. Raises `DefinitionError`."""
    path = Path(name)
    return load_scenario(path) if path.suffix in _YAML else load_shipped(name)


def definition_of(scenario: Scenario) -> Process:
    """Load the process a scenario is written for: a shipped one by name, or a file named from the scenario's folder.

    Raises `DefinitionError`.
    """
    mark = scenario.marks["process"]
    if Path(scenario.process).suffix in _YAML:
        path = Path(mark.file).parent / scenario.process
        return load.load_process(path, vocabulary=vocabulary.shipped())
    if scenario.process not in load.shipped_processes():
        near = findings.nearest(scenario.process, load.shipped_processes())
        text = f"no process “{scenario.process}” is shipped, and a file ends in .yaml; {near}"
        raise errors.DefinitionError(f"{mark}: {text}")
    return load.load_shipped(scenario.process, vocabulary=vocabulary.shipped())


def load_scenario(path: Path) -> Scenario:
    """Load and check the scenario in a file.

    Raises `DefinitionError` whose text lists every problem found, one a line: `file:line: what is wrong; the remedy`.
    """
    problems = yaml_nodes.Problems()
    tree = yaml_nodes.parse(load.read_text(path), file=str(path), problems=problems)
    top = entries.Entry(tree, problems, place="the scenario")
    scenario = replace(
        _scenario(top), marks={"process": tree.mark} | {name: node.mark for name, node in tree.table.items()}
    )
    top.close()
    _check(scenario, top)
    problems.settle()
    return scenario


def _scenario(top: entries.Entry) -> Scenario:
    bodies = {name: _organisation(name, entry) for name, entry in top.section("organisations", "body")}
    people = {name: _person(name, entry, bodies) for name, entry in top.section("people", "person")}
    return Scenario(
        id=top.text("id"),
        title=top.text("title"),
        documented=top.text("documented"),
        modelled=top.text("modelled"),
        process=top.text("process"),
        urgency=top.choice("urgency", Urgency),
        start=_start(top),
        opened_by=_known(top, "opened_by", people),
        organisations=bodies,
        people=people,
        parties=tuple(_party(name, entry, bodies, people) for name, entry in top.section("parties", "party")),
        roles=_parts(top.inner("roles"), people),
        issues=top.names("issues"),
        files={name: _attachment(entry) for name, entry in top.section("files", "file")},
        acts=tuple(_acts(top, people)),
        ending=_ending(top.inner("ending")),
        demo=_demo(top.inner("demo")),
        secret=top.names("secret"),
        beside={name: _opening(entry, bodies, people) for name, entry in top.section("beside", "case")},
    )


def _opening(entry: entries.Entry, bodies: Mapping[str, Organisation], people: Mapping[str, Person]) -> Opening:
    opening = Opening(
        title=entry.text("title"),
        urgency=entry.choice("urgency", Urgency, Urgency.U3),
        opened_by=_known(entry, "opened_by", people),
        parties=tuple(_party(name, one, bodies, people) for name, one in entry.section("parties", "party")),
        issues=entry.names("issues"),
    )
    entry.close()
    return opening


def _organisation(name: str, entry: entries.Entry) -> Organisation:
    organisation = Organisation(id=name, **{key: entry.text(key) for key in _BARE})
    entry.close()
    return organisation


def _person(name: str, entry: entries.Entry, bodies: Mapping[str, Organisation]) -> Person:
    keys = "name", "email", "language", "timezone", "telephone"
    given = {key: entry.text(key) for key in keys}
    person = Person(id=name, organisation=_body(entry, bodies), **given)
    entry.close()
    if not _ADDRESS.fullmatch(person.email):
        entry.wrong("“email” must end in .example, so that no mail of a scenario reaches anybody", key="email")
    if person.language not in _LANGUAGES:
        entry.wrong(f"“language” must be one of: {', '.join(sorted(_LANGUAGES))}", key="language")
    return person


def _body(entry: entries.Entry, bodies: Mapping[str, Organisation]) -> str:
    name = entry.text("organisation", "")
    if name and name not in bodies:
        entry.wrong(f"there is no organisation “{name}”; {findings.nearest(name, bodies)}", key="organisation")
    return name


def _party(
    name: str, entry: entries.Entry, bodies: Mapping[str, Organisation], people: Mapping[str, Person]
) -> PartyEntry:
    party = PartyEntry(
        id=name,
        name=entry.text("name"),
        side=entry.choice("side", Side),
        organisation=_body(entry, bodies),
        people=_parts(entry.inner("people"), people),
    )
    entry.close()
    return party


def _attachment(entry: entries.Entry) -> Attachment:
    attachment = Attachment(name=entry.text("name"), text=entry.text("text"))
    entry.close()
    return attachment


def _parts(entry: entries.Entry, people: Mapping[str, Person]) -> dict[str, tuple[str, ...]]:
    """Take who holds each role."""
    parts = {role: entry.names(role) for role, _ in entry.table("role")}
    for role, names in parts.items():
        for name in names:
            _somebody(entry, name, people, key=role)
    return parts


def _somebody(entry: entries.Entry, name: str, people: Mapping[str, Person], *, key: str) -> None:
    if name not in people:
        entry.wrong(f"nobody is called “{name}” here; {findings.nearest(name, people)}", key=key)


def _counts(entry: entries.Entry, kind: str) -> dict[str, int]:
    return {name: entry.whole(name, 0) for name, _ in entry.table(kind)}


def _tallies(entry: entries.Entry) -> dict[str, int]:
    """Take lines such as `offer: [2 accepted, 1 lapsed]` as counts by "kind state"."""
    tallies = {}
    for kind, _ in entry.table("kind of item"):
        for text in entry.names(kind):
            count, _, state = text.partition(" ")
            if not count.isdecimal() or not state:
                entry.wrong(f"“{text}” is not a count and a state, like “2 accepted”", key=kind)
            else:
                tallies[f"{kind} {state}"] = int(count)
    return tallies


def _start(top: entries.Entry) -> datetime:
    """Take the local wall time of the opening, in the zone named beside it."""
    text, zone = top.text("start"), top.text("timezone", "UTC")
    try:
        return datetime.fromisoformat(text).replace(tzinfo=wall_time.find_zone(zone))
    except (ValueError, errors.DefinitionError):
        top.wrong("“start” must be a local date and time, like 2026-07-06T09:00, and “timezone” its zone", key="start")
        return datetime.min.replace(tzinfo=wall_time.find_zone("UTC"))


def _known(entry: entries.Entry, key: str, people: Mapping[str, Person]) -> str:
    name = entry.text(key)
    if name:
        _somebody(entry, name, people, key=key)
    return name


def _acts(top: entries.Entry, people: Mapping[str, Person]) -> Iterator[Act]:
    for entry in top.rows("acts"):
        act = _waiting(entry) if "wait_for" in entry else _acting(entry)
        together = entry.names("by")
        yield from _repeated(act, together=together, rows=_rows(entry))
        for name in (*together, *act.expect.read_by):
            _somebody(entry, name, people, key="by")
        entry.close()


def _repeated(act: Act, *, together: tuple[str, ...], rows: tuple[dict[str, Input], ...]) -> Iterator[Act]:
    """Repeat an act for each row and each of its people, at once after the first; where it leads holds of the last."""
    turns = [(number, row, by) for number, row in enumerate(rows, start=1) for by in together or ("",)]
    for turn, (number, row, by) in enumerate(turns, start=1):
        yield replace(
            act,
            by=by,
            inputs={**act.inputs, **row},
            label=f"{act.label}{number}" if act.label and len(rows) > 1 else act.label,
            after=act.after if turn == 1 else _AT_ONCE,
            expect=act.expect if turn == len(turns) else Expectation(refused=act.expect.refused),
        )


def _waiting(entry: entries.Entry) -> Act:
    return Act(
        mark=entry.mark,
        by="",
        do=entry.text("wait_for"),
        after=_AT_ONCE,
        inputs={},
        case=entry.text("in", ""),
        label=entry.text("as", ""),
        expect=_expectation(entry.inner("expect")),
    )


def _acting(entry: entries.Entry) -> Act:
    if "by" not in entry:
        entry.wrong("this act is nobody's; write “by: somebody”, or “wait_for: …” for what the clock does")
    return Act(
        mark=entry.mark,
        by="",
        do=entry.text("do"),
        after=entry.span("after", _AT_ONCE),
        inputs=_inputs(entry.inner("with")),
        case=entry.text("in", ""),
        label=entry.text("as", ""),
        expect=_expectation(entry.inner("expect")),
    )


def _inputs(entry: entries.Entry) -> dict[str, Input]:
    return {name: _input(entry, name, node) for name, node in entry.table("input")}


def _input(entry: entries.Entry, name: str, node: yaml_nodes.Node) -> Input:
    return entry.names(name) if isinstance(node.value, tuple) else entry.text(name)


def _rows(entry: entries.Entry) -> tuple[dict[str, Input], ...]:
    """Take the rows under `each`, which repeat the act with further inputs; one empty row where there are none."""
    return tuple(_inputs(row) for row in entry.rows("each")) or ({},)


def _expectation(entry: entries.Entry) -> Expectation:
    plain = {name: entry.optional(name) for name in ("stage", "tier", "urgency", "outcome", "refused")}
    expectation = Expectation(**plain, items=_tallies(entry.inner("items")), read_by=entry.names("read_by"))
    entry.close()
    return expectation


def _ending(entry: entries.Entry) -> Ending:
    ending = Ending(
        stage=entry.text("stage"),
        tier=entry.optional("tier"),
        outcome=entry.optional("outcome"),
        cycle=entry.whole("cycle", 1),
        items=_tallies(entry.inner("items")),
        happened=_counts(entry.inner("happened"), "count"),
        cases={name: _ending(inner) for name, inner in entry.section("cases", "case")},
    )
    entry.close()
    return ending


def _demo(entry: entries.Entry) -> Demo:
    demo = Demo(until=entry.text("until"), then=entry.optional("then"), within=entry.span("within", _AT_ONCE))
    entry.close()
    return demo


def _check(scenario: Scenario, top: entries.Entry) -> None:
    """Note a label that is not there, a case that nobody runs, and secrets nobody wrote down."""
    if not any(scenario.roles.values()):
        top.wrong("nobody runs the case; name somebody under “roles”, first whoever runs it", key="roles")
    labels = {act.label for act in scenario.acts}
    if scenario.demo.until not in labels:
        top.wrong(f"no act is labelled “{scenario.demo.until}”; write “as: {scenario.demo.until}” at one", key="demo")
    for name in sorted(labels & scenario.files.keys()):
        top.wrong(f"“{name}” is a file, so no act can be labelled with it; give the label another name", key="files")
    for name in sorted({act.case for act in scenario.acts} | scenario.ending.cases.keys()):
        if name and name not in labels | scenario.beside.keys():
            known = findings.nearest(name, labels | scenario.beside.keys())
            top.wrong(f"there is no case “{name}”: nothing “beside” and no act “as” is called so; {known}", key="acts")
    said = [str(act.inputs) for act in scenario.acts]
    for words in scenario.secret:
        if not any(words in written for written in said):
            top.wrong(
                f"nobody says “{words}”; let an act write them where few read it, or take them away", key="secret"
            )


_AT_ONCE = durations.Duration.parse("0 min")
