"""Every mail in every language, as it is kept to be compared: `python -m tests.notifications.golden` renews them all.

A file holds one mail in six languages: its headers as they are read, its text, and in English its HTML. That of the
other languages differs in its words alone, which are those of the text in the same order: tests see to it. What all
mails have in common, the head of the HTML and its styles, stands once, in `layout.txt`, under a short name.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from cases.decision_links import Link, NewLink
from notifications import compose, digests, mime
from notifications.account_notices import ANSWER_TAKEN_IN
from notifications.samples import names
from states.process import Mail, MailKind
from tests.notifications import sample_case
from tests.notifications.sample_case import LETTERHEAD, NOW, TOKEN

FOLDER = Path(__file__).with_name("golden_mails")
LAYOUT = "layout.txt"
RULE = "=" * 20
LANGUAGES = tuple(sample_case.TYPED)
_CARRIED = {
    digests.REMINDERS: ("session_reminder", "duty_reminder", "minutes_asked"),
    digests.NEWS: ("case_linked", "session_held", "question_answered"),
}
_OF_NO_PROCESS = "news"
"""A mail that the shipped processes leave to those of an office."""
_WITH_NUMBER = {"room_opened", ANSWER_TAKEN_IN}
_STYLE = re.compile(r'style="([^"]*)"')
_HEAD = re.compile(r"<head>\n(.*)\n</head>", re.DOTALL)


@cache
def content(mail: str, language: str) -> bytes:
    """Return the bytes of a mail as they would go out."""
    return mime.build(draft(mail, language))


@cache
def draft(mail: str, language: str) -> mime.Draft:
    """Compose a mail as the mail room does, from the made-up dispute."""
    if mail in _CARRIED:
        return _carrier(mail, language)
    if mail == _OF_NO_PROCESS:
        return _composed(_of_an_office(mail, language))
    if sample_case.process_of(mail):
        return _composed(sample_case.task(mail, language))
    return _of_the_desk(mail, language)


@cache
def message(mail: str, language: str) -> EmailMessage:
    """Read a mail as its reader's program does."""
    return message_from_bytes(content(mail, language), policy=policy.default)


@cache
def body(read: EmailMessage, kind: str) -> str:
    """Return the text, the HTML or the calendar of a mail that was read; empty where it has none."""
    found = next((part for part in read.iter_parts() if part.get_content_subtype() == kind), None)
    return str(found.get_content()).replace("\r\n", "\n") if found else ""


def kept(mail: str) -> str:
    """Write one mail in all its languages as it is kept: what they share once, and the HTML in English."""
    read = {language: message(mail, language) for language in LANGUAGES}
    headers = {language: [f"{name}: {value}" for name, value in one.items()] for language, one in read.items()}
    shared = [line for line in headers["en"] if all(line in lines for lines in headers.values())]
    found = [f"{RULE} {mail}", *shared]
    for language, one in read.items():
        found += [f"{RULE} {language}, {len(content(mail, language))} bytes"]
        found += [line for line in headers[language] if line not in shared]
        for part in one.iter_parts():
            kind = part.get_content_subtype()
            found += [f"--- {kind}, {part['Content-Transfer-Encoding']}"]
            found += [folded(body(one, kind))] if kind != "html" or language == "en" else []
    return "\n".join(found) + "\n"


def layout() -> str:
    """Write what all mails have in common."""
    read = body(message("offer_made", "en"), "html")
    head = _HEAD.search(read)
    lines = [f"style-{number}: {style}" for style, number in _styles().items()]
    return "\n".join([*lines, "head:", head[1] if head else "", ""])


def renew() -> Iterator[Path]:
    """Write every file anew, and take away those of mails that are no more."""
    wanted = {LAYOUT: layout(), **{f"{mail}.txt": kept(mail) for mail in names()}}
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        if old.name not in wanted:
            old.unlink()
            yield old
    for name, text in wanted.items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            yield path


def main() -> None:
    """Renew what is kept, and name each file that changed."""
    for path in renew():
        sys.stdout.write(f"{path.name}\n")


def _composed(task: compose.Task) -> mime.Draft:
    draft = compose.compose(task, LETTERHEAD)
    ending = LETTERHEAD.ending_url(TOKEN, task.reader.person)
    return replace(draft, unsubscribe_url=ending) if compose.is_mutable(task) else draft


def _of_an_office(mail: str, language: str) -> compose.Task:
    """Let the process of an office send a mail of its own."""
    task = sample_case.task("case_linked", language)
    process = replace(task.process, mails={mail: Mail(name=mail, kind=MailKind.NOTICE, to=("representative",))})
    return replace(task, notice=replace(task.notice, mail=mail), agenda=replace(task.agenda, process=process))


def _carrier(mail: str, language: str) -> mime.Draft:
    parts = tuple(sample_case.task(one, language) for one in _CARRIED[mail])
    reader = parts[0].reader if mail == digests.NEWS else sample_case.task("offer_made", language).reader
    parts = tuple(replace(one, reader=reader) for one in parts)
    identity = mime.message_id(LETTERHEAD.secret, "carrier", mail, domain=LETTERHEAD.domain)
    written = digests.in_words(parts, LETTERHEAD, mail=mail, message_id=identity)
    ending = LETTERHEAD.ending_url(TOKEN, reader.person)
    return replace(written, unsubscribe_url=ending) if written.kind is MailKind.NOTICE else written


def _of_the_desk(mail: str, language: str) -> mime.Draft:
    person, soon = sample_case.person("amal", language), NOW + timedelta(days=3)
    if mail == compose.SIGN_IN:
        return compose.sign_in(person, LETTERHEAD.link_url(TOKEN, person), LETTERHEAD, until=soon, now=NOW)
    if mail == compose.FRESH_LINK:
        link = Link(
            token_hash="0",
            person_id=person.id,
            case_id="sample",
            item_id="item",
            item_version="1",
            expires_at=soon,
            created_at=NOW,
        )
        return compose.fresh_link(person, NewLink(TOKEN, link), LETTERHEAD, instead_of=link, now=NOW)
    until = None if mail == ANSWER_TAKEN_IN else soon
    about = compose.CaseNotice(number="D-2026-0042", until=until) if mail in _WITH_NUMBER else None
    return compose.account_notice(person, mail, LETTERHEAD, occurrence=mail, now=NOW, about=about)


@cache
def _styles() -> dict[str, int]:
    """Number the styles of all mails, which are those of one layout."""
    found = (
        _STYLE.findall(body(message(mail, "en"), "html")) for mail in (compose.FRESH_LINK, "offer_made", "receipt")
    )
    return {style: number for number, style in enumerate(dict.fromkeys(one for many in found for one in many), 1)}


def folded(text: str) -> str:
    """Return a part of a mail with what all have in common under a short name."""
    styles = _styles()
    short = _STYLE.sub(lambda one: f"style-{styles[one[1]]}" if one[1] in styles else one[0], text)
    return _HEAD.sub("<head/>", short).rstrip("\n")


if __name__ == "__main__":
    main()
