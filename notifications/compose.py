"""Composes the mail that one person gets about a case, from nothing but what that person may read when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from cases import notifying, queries
from cases.decision_links import Link, NewLink
from cases.mail_reasons import Origin, Source
from cases.people import Audience, Person
from cases.wordings import Wording, Wordings
from notifications import invites, mime, next_step, own_words, quotes, return_paths, routes, why, wording
from notifications.return_paths import Way
from states import decidable, endings, questions
from states.case import Case
from states.items import Item
from states.process import CLOCK, TIER, MailKind, Process
from states.roles import SHARED
from states.said import say

_ON_THE_COVER = ("role", "number", "title", "stage", "tier", "ended", "means")
SIGN_IN = "sign_in_link"
FRESH_LINK = "fresh_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What stands on every mail of this office; `secret` makes message ids that nobody can guess.

    `sender` is the envelope's return path, `domain` ends the message ids, `base_url` is the desk as people reach it,
    `portal_url` the portal for people of parties. At `inbound`, a domain, bounces and replies come back; without one,
    they go where `sender` and `reply_to` say. `wordings` are the office's own words.
    """

    desk: str
    address: str
    reply_to: str
    sender: str
    domain: str
    base_url: str
    secret: bytes = field(repr=False)
    telephone: str = ""
    portal_url: str = ""
    inbound: str = ""
    wordings: Wordings | None = field(default=None, repr=False)

    @property
    def reads_answers(self) -> bool:
        """Tell whether somebody reads what people answer to mails about their cases."""
        return bool(self.inbound or self.reply_to)

    def return_path(self, message_id: str) -> str:
        """Return the address at which it comes back if this one mail cannot be delivered."""
        return self._own_address(Way.BOUNCE, message_id) or self.sender

    def reply_address(self, message_id: str, *, of_case: bool) -> str:
        """Return where answers to a mail go; those to a mail about a case find that case again."""
        own = self._own_address(Way.REPLY, message_id) if of_case else ""
        return own or self.reply_to or self.address

    def _own_address(self, way: Way, message_id: str) -> str:
        return return_paths.address(way, message_id, secret=self.secret, domain=self.inbound) if self.inbound else ""

    def home(self, person: Person) -> str:
        """Return the address of the door by which a person comes in."""
        return self.portal_url if person.audience is Audience.PORTAL else self.base_url

    def worded(self, mail: str, language: str) -> Wording | None:
        """Return how the office words a mail in a language now; None for Parley's words."""
        return self.wordings.find(mail, language) if self.wordings else None

    def link_url(self, token: str, person: Person) -> str:
        """Return the address of a link that asks a person for a decision."""
        return f"{self.home(person)}/t/{token}"

    def ending_url(self, token: str, person: Person) -> str:
        """Return the address by which a mail program ends the notices that may be ended; empty where none can work."""
        address = f"{self.home(person)}/u/{token}"
        return address if address.startswith("https://") and len(address) <= mime.URL_LIMIT else ""

    def case_url(self, number: str, person: Person) -> str:
        """Return the address of the page of a case for a person."""
        return f"{self.home(person)}/cases/{number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why and when a message is written: the same `occurrence` to the same person is the same message for ever.

    Answers to a mail `of_case` go to those who run the case. An `identity` is the Message-ID that was given before.
    """

    occurrence: str
    thread: str
    kind: MailKind
    at: datetime
    of_case: bool = False
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One mail to write: the reason, its reader, and the case as that reader may read it now.

    `entry` is the act the mail is about, or None for a reminder; `names` are those of the people on its item, by id.
    `link` leads a reader who is asked for a decision straight to it, and `secret` stands in its place in a mail that is
    only looked at beforehand; `leaver` is whose tour ends, where it tells that.
    """

    notice: notifying.Notification
    reader: routes.Recipient
    agenda: next_step.Agenda
    entry: queries.Entry | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    link: NewLink | None = None
    secret: str = ""
    leaver: Person | None = None

    @property
    def item(self) -> Item | None:
        """What the mail is about, if the reader may see it."""
        return self.case.item(self.notice.item or "")

    @property
    def process(self) -> Process:
        """The definition of the case."""
        return self.agenda.process

    @property
    def case(self) -> Case:
        """The case, with only the items the reader may see."""
        return self.agenda.case

    @property
    def kind(self) -> MailKind:
        """Whether the mail asks or tells."""
        return self.process.mails[self.notice.mail].kind

    @property
    def voice(self) -> wording.Voice:
        """The reader's language."""
        return wording.voice(self.reader.person.language)

    @property
    def token(self) -> str:
        """What the reader's own link ends with; empty for a mail that leads to no decision."""
        return self.link.token if self.link else self.secret


def compose(task: Task, letterhead: Letterhead) -> mime.Draft:
    """Return the mail of a notification to one of its recipients.

    Raises `jinja2.TemplateError` for a template that is missing or asks for what no letter has.
    """
    written = letter(task, letterhead)
    words = _worded(task, letterhead, written)
    if words.broken and letterhead.wordings:
        letterhead.wordings.broke(task.notice.mail, words.language, why=words.broken, now=task.agenda.now)
    occasion = Occasion(
        occurrence=task.notice.occurrence, thread=task.case.id, kind=task.kind, at=task.agenda.now, of_case=True
    )
    mail = draft(letterhead, task.reader.person, words, occasion)
    return replace(mail, calendar=invites.part(task, letterhead), reasons=why.told(task, written, words.text))


def message_id(letterhead: Letterhead, task: Task) -> str:
    """Return the Message-ID of the mail of a notification to one of its recipients, before it is composed."""
    return _message_id(letterhead, task.notice.occurrence, task.reader.person)


def is_mutable(task: Task) -> bool:
    """Tell whether a reader may do without a mail: one that only tells, and is not served on everybody."""
    mail = task.process.mails[task.notice.mail]
    served = mail.formal or mail.urgent or task.reader.role in {routes.ACTOR, notifying.FORMER}
    return mail.kind is MailKind.NOTICE and not served


def in_words(task: Task, letterhead: Letterhead) -> wording.Words:
    """Return the words of the mail of a notification to one of its recipients; raises as `compose` does."""
    return _worded(task, letterhead, letter(task, letterhead))


def _worded(task: Task, letterhead: Letterhead, written: wording.Letter) -> wording.Words:
    mail, voice = task.notice.mail, task.voice
    return own_words.render(voice, mail, written, letterhead.worded(mail, voice.language))


def decided_in(task: Task) -> Item | None:
    """Find what a mail asks for a decision on: what it is about, or the question that waits for the tier it goes to."""
    if task.item is not None and task.item.kind in decidable.KINDS:
        return task.item
    clock, _, _ = (task.notice.timer_key or "").partition(":")
    to_tier = TIER in (*task.notice.to, *task.process.mails[task.notice.mail].to) or clock in task.process.tiers
    return questions.open_one(task.case) if to_tier else None


def sign_in(person: Person, link: str, letterhead: Letterhead, *, until: datetime, now: datetime) -> mime.Draft:
    """Return the mail with a one-time link to sign in, which works until the given instant."""
    voice = wording.voice(person.language)
    written = wording.Letter(
        desk=letterhead.desk,
        url=link,
        asks=True,
        telephone=voice.left_to_right(letterhead.telephone),
        answers_read=bool(letterhead.reply_to),
        step=voice.tell(say("Sign in")),
        due=voice.moment(until, person.timezone),
        means=voice.tell(say("The link stops working; ask for a new one on the page of the desk.")),
    )
    occasion = Occasion(occurrence=link, thread=SIGN_IN, kind=MailKind.ACTION, at=now)
    return draft(letterhead, person, voice.render(SIGN_IN, written), occasion)


def fresh_link(person: Person, new: NewLink, letterhead: Letterhead, *, instead_of: Link, now: datetime) -> mime.Draft:
    """Return the mail with a link in the place of an expired one; it tells nothing of the case."""
    voice = wording.voice(person.language)
    written = wording.Letter(
        desk=letterhead.desk,
        url=letterhead.link_url(new.token, person),
        asks=True,
        decides=True,
        telephone=voice.left_to_right(letterhead.telephone),
        answers_read=bool(letterhead.reply_to),
        step=voice.tell(say("Read what is asked, and decide")),
        due=voice.moment(new.link.expires_at, person.timezone),
        means=voice.tell(say("The link stops working; what silence means stands on the page it leads to.")),
    )
    occasion = Occasion(occurrence=instead_of.token_hash, thread=FRESH_LINK, kind=MailKind.ACTION, at=now)
    return draft(letterhead, person, voice.render(FRESH_LINK, written), occasion)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNotice:
    """What may be told of a case beside its own mails: its number, and until when something lasts."""

    number: str
    until: datetime | None


def account_notice(  # noqa: PLR0913 - each names one thing that the mail says
    person: Person,
    mail: str,
    letterhead: Letterhead,
    *,
    occurrence: str,
    now: datetime,
    about: CaseNotice | None = None,
) -> mime.Draft:
    """Return a mail that tells somebody of their own entry on file, or of a case no more than its number."""
    voice = wording.voice(person.language)
    until = about.until if about else None
    last = (wording.Fact(voice.tell(say("Until")), voice.moment(until, person.timezone)),) if until else ()
    written = wording.Letter(
        desk=letterhead.desk,
        url=letterhead.case_url(about.number, person) if about else letterhead.home(person),
        number=about.number if about else "",
        details=last,
        asks=False,
        telephone=voice.left_to_right(letterhead.telephone),
        answers_read=bool(letterhead.reply_to),
    )
    occasion = Occasion(occurrence=occurrence, thread=mail, kind=MailKind.NOTICE, at=now)
    return draft(letterhead, person, voice.render(mail, written), occasion)


def letter(task: Task, letterhead: Letterhead) -> wording.Letter:
    """Return everything the mail will say, as texts in the reader's language."""
    case, process = task.case, task.process
    if task.reader.role == notifying.FORMER:
        return _farewell(task, letterhead)
    plain = wording.Letter(
        desk=letterhead.desk,
        url=_address(task, letterhead),
        decides=bool(task.token),
        asks=task.kind is MailKind.ACTION,
        telephone=task.voice.left_to_right(letterhead.telephone),
        answers_read=letterhead.reads_answers,
        role=quotes.calm(task.voice.tell(task.reader.part)),
        number=case.number,
        title=quotes.calm(case.title),
        stage=task.voice.tell(process.stages[case.stage].label),
        tier=task.voice.tell(_tier_asked(process, case)),
        ended=task.voice.tell(endings.how_it_ended(process, case)),
        mutable=is_mutable(task),
        details=_details(task),
        filed=quotes.filed(case, task.voice),
        doors=quotes.doors(process, case, task.voice),
        sources=dict.fromkeys(_ON_THE_COVER, quotes.COVER),
    )
    return _with_next_step(_with_act(plain, task), task)


def _tier_asked(process: Process, case: Case) -> str:
    return process.tiers[case.tier].label if case.tier and routes.is_raised(process, case) else ""


def _address(task: Task, letterhead: Letterhead) -> str:
    """Return where the mail leads: to what is asked, or to the page of the case."""
    person = task.reader.person
    return letterhead.link_url(task.token, person) if task.token else letterhead.case_url(task.case.number, person)


def _farewell(task: Task, letterhead: Letterhead) -> wording.Letter:
    """Tell somebody who has no part any more of which case that is, and nothing of how it stands or goes on."""
    return wording.Letter(
        desk=letterhead.desk,
        url=letterhead.home(task.reader.person),
        asks=False,
        telephone=task.voice.left_to_right(letterhead.telephone),
        answers_read=letterhead.reads_answers,
        role=task.voice.tell(say("the one that has ended")),
        number=task.case.number,
        title=quotes.calm(task.case.title),
        sources=dict.fromkeys(("role", "number", "title"), quotes.COVER),
    )


def _details(task: Task) -> tuple[wording.Fact, ...]:
    """Repeat what was said, and beside it what it is about, unless that lies where not everybody reads."""
    if task.leaver is not None:
        return quotes.leaving(task.process, task.case, task.leaver, task.voice)
    said = task.entry is not None and bool(task.entry.lines)
    told = task.item is not None and (task.item.zone == SHARED or not said)
    held = quotes.when_and_where(task.process, task.item, task.voice)
    about = (*held, *(quotes.said_by(task.item, task.voice, task.names) if told else ()))
    return quotes.facts(task.process, task.entry, task.voice, about=about, names=task.names)


def _with_act(plain: wording.Letter, task: Task) -> wording.Letter:
    entry = task.entry
    if entry is None:
        return plain
    by_clock = entry.actor == CLOCK
    tell = task.voice.tell
    actor = "" if by_clock else quotes.calm(tell(entry.actor_role)) or tell(say("the desk"))
    sources = {**plain.sources, **dict.fromkeys(("act", "actor", "meant"), (quotes.of_entry(entry),))}
    meant = tell(_meant(task.process, entry))
    return replace(plain, act=tell(entry.label), actor=actor, meant=meant, sources=sources)


def _meant(process: Process, entry: queries.Entry) -> str:
    """Say what silence meant, when the clock did the act."""
    name = (entry.timer or "").partition(":")[0]
    rules = (rule for rule in process.every_deadline() if rule.name == name)
    return next((one.means for rule in rules for one in rule.silences if one.fires == entry.trigger), "")


def _with_next_step(plain: wording.Letter, task: Task) -> wording.Letter:
    coming = next_step.find(task.agenda, task.notice, task.reader.person)
    if coming is None:
        return replace(plain, means=_without_clock(task)) if plain.asks else plain
    voice, due_at = task.voice, coming.due_at
    place, own = task.process.timezone, task.reader.person.timezone
    return replace(
        plain,
        yours=not _has_just_acted(task) and next_step.is_with(task.agenda, coming, task.reader.person),
        late=due_at <= task.agenda.now,
        step=voice.tell(coming.step or say("The pause of all clocks")),
        due=voice.moment(due_at, place),
        due_own="" if wording.same_clock(due_at, place, own) else voice.moment(due_at, own),
        day=voice.day(due_at, place),
        means=voice.tell(coming.means) or (_without_clock(task) if plain.asks else ""),
        sources={**plain.sources, **dict.fromkeys(("step", "due", "due_own", "means"), _of_clock(coming))},
    )


def _of_clock(coming: next_step.NextStep) -> tuple[Source, ...]:
    """Say that a line is taken from a clock, and from the item that it runs on."""
    clock = Source(Origin.CLOCK, coming.clock, coming.zone)
    return (clock, quotes.of_item(coming.item)) if coming.item else (clock,)


def _without_clock(task: Task) -> str:
    """Say what happens where no clock runs on what a mail asks for: as the definition puts it, or that nothing does."""
    told = task.process.mails[task.notice.mail].silence
    nothing = say("Nothing happens by itself; what is asked stays open until somebody acts.")
    return task.voice.tell(told or nothing)


def _has_just_acted(task: Task) -> bool:
    return task.entry is not None and task.entry.actor == task.reader.person.id


def draft(letterhead: Letterhead, person: Person, words: wording.Words, occasion: Occasion) -> mime.Draft:
    """Return finished words as the mail to one person."""
    domain = letterhead.domain
    identity = occasion.identity or _message_id(letterhead, occasion.occurrence, person)
    return mime.Draft(
        from_name=letterhead.desk,
        from_address=letterhead.address,
        reply_to=letterhead.reply_address(identity, of_case=occasion.of_case),
        to=person.email,
        sender=letterhead.return_path(identity),
        subject=words.subject,
        text=words.text,
        html=words.html,
        message_id=identity,
        thread_root=mime.message_id(letterhead.secret, "thread", occasion.thread, person.id, domain=domain),
        language=words.language,
        date=occasion.at,
        kind=occasion.kind,
        list_id=f"{occasion.kind}s.{domain}",
    )


def _message_id(letterhead: Letterhead, occurrence: str, person: Person) -> str:
    return mime.message_id(letterhead.secret, "mail", occurrence, person.id, domain=letterhead.domain)
