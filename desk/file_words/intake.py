"""Issues, accounts, documents and notes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, nothing_more, spelled
from states import items
from states.said import say, under

if TYPE_CHECKING:
    from collections.abc import Iterator


spelled(items.Note, line="text")(nothing_more)


@spelled(items.Issue, line="title")
def an_issue(item: items.Issue, _names: Names) -> Iterator[Fact]:
    """Tell of an issue."""
    yield Fact(say("Because"), item.reason)
    yield Fact(say("Taken up by"), item.door)


_ACCOUNTS = {
    "awaited": say("an account is awaited"),
    "sealed": say("an account is filed and sealed"),
    "silent": say("no account came in time"),
    "withdrawn": say("no account is awaited any more"),
}


def _account_line(item: items.Statement, names: Names) -> str:
    """Sum up an account: in its own words once they are opened, else by whose it is and what became of it."""
    return item.text or under(names.party(item.party), _ACCOUNTS.get(item.state, say("an account is opened")))


@spelled(items.Statement, line=_account_line)
def a_statement(item: items.Statement, names: Names) -> Iterator[Fact]:
    """Tell of a statement: whose it is, and its words once they are opened."""
    yield Fact(say("By"), names.party(item.party))
    yield Fact(say("Came"), say("after its time") if item.late else "")
    if item.opened_at is not None:
        yield Fact(say("Opened"), item.opened_at)


@spelled(items.Account, line="text")
def an_account(item: items.Account, names: Names) -> Iterator[Fact]:
    """Tell of a sealed account, to the party that filed it."""
    yield Fact(say("By"), names.party(item.party))


@spelled(items.Document, line=lambda item, _: say("%(name)s (late)", name=item.name) if item.late else item.name)
def a_document(item: items.Document, names: Names) -> Iterator[Fact]:
    """Tell of a document."""
    yield Fact(say("Shows"), item.shows)
    yield Fact(say("Issue"), names.items((item.issue,)))
    yield Fact(say("Put on file by"), names.person(item.by))
    yield Fact(say("Put on file"), item.at)
    yield Fact(say("Came"), say("after the time for evidence") if item.late else "")
    yield Fact(say("Weighed by"), names.person(item.weighed_by))
    yield Fact(say("Because"), item.because)
    yield Fact(say("Size"), say("%(size)s bytes", size=item.size) if item.size else "")
    yield Fact(say("SHA-256"), item.sha256[:16])
