"""What stands on each paper of a case, put together from its file: nothing here reads more than the file holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from desk import entry_words, file_words
from states import brief, errors, roles
from states.items import (
    Agreement,
    Cause,
    Decision,
    Feedback,
    Handover,
    Issue,
    Item,
    Lesson,
    Obligation,
    Question,
    Reading,
)
from states.obligations import LIFE
from states.said import listed, say, together, under

if TYPE_CHECKING:
    from cases.queries import CaseFile, DeadlineView, Precedent
    from cases.versions import Version
    from desk.entry_words import EntryWords
    from desk.file_words import Fact, ZoneWords
    from desk.words import Words
    from states.items import Signature

NEXT_DATES = 3
"""How many of the coming dates a successor reads of first."""
_OWN_PLACE = frozenset({"Text", "Ratified by", "Signed by", "Seal of the text"})
"""The facts of an agreement that have a place of their own on its paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item in words: what it says, its state, what else stands on it, who recorded it, and who may read it."""

    item: Item
    text: str
    tag: str
    facts: tuple[Fact, ...]
    by: str
    zone: ZoneWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A term of the agreement: who does what by when, who verifies it, and what became of it."""

    action: str
    owner: str
    due_at: datetime
    verifier: str
    tag: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """A party's place to sign: by whom, when and on which text it was signed, or nothing yet."""

    party: str
    person: str
    mark: Signature | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSheet:
    """The agreement as it is printed; `seal` names the exact text with its terms, and a draft has none."""

    agreement: Agreement
    facts: tuple[Fact, ...]
    terms: tuple[Promise, ...]
    ratified_by: str
    signings: tuple[Signing, ...]
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSheet:
    """The case file as it is printed: the parties with their people, everything on file by kind, and what happened."""

    parties: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    entries: tuple[EntryWords, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureSheet:
    """The closure note: each issue with its causes, the agreements, the promises, what was learned, what still runs."""

    issues: tuple[tuple[Line, tuple[Line, ...]], ...]
    agreements: tuple[Line, ...]
    obligations: tuple[Promise, ...]
    feedback: tuple[Line, ...]
    running: tuple[DeadlineView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One side's column of a brief: what it wrote in its own words, with nothing where it did not yet."""

    party: str
    written: Line | None
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefSheet:
    """The one page on which a tier decides; `running` is the clock of the question, with what silence means."""

    question: Line
    version: int
    tier: str
    may: str
    agreed: tuple[Line, ...]
    disputed: tuple[Line, ...]
    causes: tuple[Line, ...]
    columns: tuple[Column, ...]
    options: tuple[Line, ...]
    tried: tuple[Line, ...]
    meanwhile: tuple[Line, ...]
    running: tuple[DeadlineView, ...]
    answers: tuple[Line, ...]
    precedents: tuple[Precedent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverSheet:
    """What a successor reads before they take over: where the case is, what is owed, how it feels, and what comes next.

    `kept` is what lies in rooms that not all parties read, and `dates` are the next ones.
    """

    offers: tuple[Line, ...]
    stage: str
    asks: str
    questions: tuple[Line, ...]
    promises: tuple[Promise, ...]
    readings: tuple[Line, ...]
    dates: tuple[DeadlineView, ...]
    kept: tuple[Line, ...]


def agreement(file: CaseFile, versions: Sequence[Version], names: Mapping[str, str], *, item: str) -> AgreementSheet:
    """Put together the paper of an agreement, by its id or else of the one in force or newest. Raises `NotFound`."""
    chosen = _chosen(file, item)
    version = next(one for one in reversed(versions) if one.agreement.id == chosen.id)
    facts = file_words.item_facts(chosen, file.case, names)
    return AgreementSheet(
        agreement=chosen,
        facts=tuple(fact for fact in facts if fact.label not in _OWN_PLACE),
        terms=tuple(_promise(term, file, names) for term in version.terms),
        ratified_by=listed(file_words.party_name(file.case, party) for party in chosen.ratified_by),
        signings=tuple(_signings(chosen, file, names)),
        seal=version.seal,
    )


def case_file(file: CaseFile, words: Words, names: Mapping[str, str]) -> FileSheet:
    """Put together the paper of the whole file."""
    told = [entry for entry in file.timeline if not entry_words.is_echo(entry, file.timeline)]
    return FileSheet(
        parties=tuple(_parties(file, names)),
        groups=tuple(
            (title, tuple(_line(item, file, names) for item in found))
            for title, found in file_words.grouped(file.case, names)
        ),
        entries=tuple(entry_words.of(entry, file, words, names) for entry in told),
    )


def closure(file: CaseFile, names: Mapping[str, str]) -> ClosureSheet:
    """Put together the closure note. Raises `Refused` for a case that is not closed."""
    if file.case.closed_at is None:
        raise errors.Refused(say("the case is still open; its closure note can be printed once it is closed"))
    causes = _lines(file, names, Cause.kind)
    return ClosureSheet(
        issues=tuple((issue, _of_issue(issue, causes)) for issue in _lines(file, names, Issue.kind)),
        agreements=_lines(file, names, Agreement.kind),
        obligations=tuple(_promise(term, file, names) for term in file.case.all(Obligation)),
        feedback=(*_lines(file, names, Lesson.kind), *_lines(file, names, Feedback.kind)),
        running=file.deadlines,
    )


def handover(file: CaseFile, names: Mapping[str, str]) -> HandoverSheet:
    """Put together what a successor should know. Raises `NotFound` where no part is offered in these rooms."""
    offers = tuple(_line(one, file, names) for one in file.case.all(Handover, "offered"))
    if not offers:
        raise errors.NotFound(say("no part of this case is offered to a successor in the rooms of this paper"))
    stage = file.process.stages[file.case.stage]
    told = {Handover.kind, Reading.kind, Question.kind, Obligation.kind}
    return HandoverSheet(
        offers=offers,
        stage=stage.label,
        asks=stage.deadline.task if stage.deadline else "",
        questions=tuple(_line(one, file, names) for one in file.case.all(Question) if one.is_open),
        promises=tuple(_promise(one, file, names) for one in file.case.all(Obligation) if one.state not in LIFE.final),
        readings=_lines(file, names, Reading.kind),
        dates=file.deadlines[:NEXT_DATES],
        kept=tuple(
            _line(one, file, names) for one in file.case.items if one.zone != roles.SHARED and one.kind not in told
        ),
    )


def brief_of(file: CaseFile, names: Mapping[str, str], *, item: str, precedents: tuple[Precedent, ...]) -> BriefSheet:
    """Put together the brief of a question, by its id or else of the open or newest one. Raises `NotFound`."""
    question = brief.find(file.case, item)
    if question is None:
        raise errors.NotFound(say("there is no such question to the ladder in this case"))
    page = brief.brief(file.case, question)
    tier = file.process.tiers[question.tier]

    def lines(found: Iterable[Item], *told: str) -> tuple[Line, ...]:
        return tuple(_brief_line(one, file, names, told=frozenset(told)) for one in found)

    answers = [one for one in file.case.all(Decision) if one.question == question.id]
    return BriefSheet(
        question=lines([question], "Asked by", "Because of", "On the issue", "New fact", "Asked on")[0],
        version=question.version,
        tier=tier.label,
        may=tier.may,
        agreed=lines(page.agreed),
        disputed=lines(page.disputed, "Disputed by"),
        causes=lines(page.causes, "Disputed by", "Clause"),
        columns=tuple(
            Column(
                party=party.name,
                written=lines([said], "Of the facts", "Of the options")[0] if said else None,
                complete=bool(said and said.complete),
            )
            for party, said in page.columns
        ),
        options=tuple(_line(one, file, names) for one in page.options),
        tried=lines(
            (one for one in page.tried if one not in answers), "Made by", "Rejected by", "Stuck because", "Minutes"
        ),
        meanwhile=lines(page.meanwhile, "Ends"),
        running=tuple(one for one in file.deadlines if _is_of(one, question)),
        answers=lines(answers, "To be carried out by"),
        precedents=precedents,
    )


def _brief_line(item: Item, file: CaseFile, names: Mapping[str, str], *, told: frozenset[str]) -> Line:
    """Spell an item with no more than some of its facts, because a brief is one page."""
    line = _line(item, file, names)
    return replace(line, facts=tuple(fact for fact in line.facts if fact.label in told))


def _is_of(deadline: DeadlineView, question: Question) -> bool:
    """Tell whether a clock is that of a question: of its brief in the making, or of the tier that is asked."""
    of_brief = deadline.item is not None and deadline.item.id == question.id
    return of_brief or (question.state == "asked" and deadline.name == question.tier)


def _chosen(file: CaseFile, item: str) -> Agreement:
    found = file.case.all(Agreement)
    if item:
        found = tuple(one for one in found if one.id == item)
    if not found:
        raise errors.NotFound(say("there is no such agreement in the rooms chosen for this paper"))
    in_force = [one for one in found if one.state == "in force"]
    return (in_force or found)[-1]


def _signings(chosen: Agreement, file: CaseFile, names: Mapping[str, str]) -> Iterator[Signing]:
    """Yield a place for each party, signed or not, and for each signature more."""
    marks = {mark.party: mark for mark in chosen.signatures}
    for party in dict.fromkeys([*(party.id for party in file.case.parties), *marks]):
        mark = marks.get(party)
        person = names.get(mark.person, mark.person) if mark else ""
        yield Signing(party=file_words.party_name(file.case, party), person=person, mark=mark)


def _promise(term: Obligation, file: CaseFile, names: Mapping[str, str]) -> Promise:
    owner, verifier = (file_words.party_name(file.case, party) for party in (term.owner, term.verifier))
    told = {term.action, owner, verifier, term.due_at}
    facts = file_words.item_facts(term, file.case, names)
    return Promise(
        action=term.action,
        owner=owner,
        due_at=term.due_at,
        verifier=verifier,
        tag=file_words.item_tag(term, file.case, names),
        facts=tuple(fact for fact in facts if fact.value not in told),
    )


def _parties(file: CaseFile, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield each party and each part of the case with the people who hold it."""
    labels = {name: role.label for name, role in file.process.roles.items()}
    for party in file.case.parties:
        held = (under(labels.get(role, role), _named(people, names)) for role, people in party.people.items() if people)
        yield party.name, together(held)
    yield from ((labels.get(role, role), _named(people, names)) for role, people in file.case.roles.items() if people)


def _named(people: Iterable[str], names: Mapping[str, str]) -> str:
    return listed(names.get(person, person) for person in people)


def _lines(file: CaseFile, names: Mapping[str, str], kind: str) -> tuple[Line, ...]:
    return tuple(_line(item, file, names) for item in file.case.items if item.kind == kind)


def _line(item: Item, file: CaseFile, names: Mapping[str, str]) -> Line:
    return Line(
        item=item,
        text=file_words.item_text(item, file.case, names),
        tag=file_words.item_tag(item, file.case, names),
        facts=file_words.item_facts(item, file.case, names),
        by=names.get(item.by, item.by),
        zone=file_words.zone_words(item.zone, file.case),
    )


def _of_issue(issue: Line, causes: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(cause for cause in causes if isinstance(cause.item, Cause) and cause.item.issue == issue.item.id)
