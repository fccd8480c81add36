"""Issues, accounts, documents and notes in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.file_words.registry import Fact, Names, nothing_more, spelled
from states import items

if TYPE_CHECKING:
    from collections.abc import Iterator


spelled(items.Note, line="text")(nothing_more)


@spelled(items.Issue, line="title")
def an_issue(item: items.Issue, _names: Names) -> Iterator[Fact]:
    """Tell of an issue."""
    yield Fact("Because", item.reason)
    yield Fact("Taken up by", item.door)


_ACCOUNTS = {
    "awaited": "an account is awaited",
    "sealed": "an account is filed and sealed",
    "silent": "no account came in time",
    "withdrawn": "no account is awaited any more",
}


def _account_line(item: items.Statement, names: Names) -> str:
    """Sum up an account: in its own words once they are opened, else by whose it is and what became of it."""
    return item.text or f"{names.party(item.party)}: {_ACCOUNTS.get(item.state, 'an account is opened')}"


@spelled(items.Statement, line=_account_line)
def a_statement(item: items.Statement, names: Names) -> Iterator[Fact]:
    """Tell of a statement: whose it is, and its words once they are opened."""
    yield Fact("By", names.party(item.party))
    yield Fact("Came", "after its time" if item.late else "")
    if item.opened_at is not None:
        yield Fact("Opened", item.opened_at)


@spelled(items.Account, line="text")
def an_account(item: items.Account, names: Names) -> Iterator[Fact]:
    """Tell of a sealed account, to the party that filed it."""
    yield Fact("By", names.party(item.party))


@spelled(items.Document, line=lambda item, _: f"{item.name} (late)" if item.late else item.name)
def a_document(item: items.Document, names: Names) -> Iterator[Fact]:
    """Tell of a document."""
    yield Fact("Shows", item.shows)
    yield Fact("Issue", names.items((item.issue,)))
    yield Fact("Put on file by", names.person(item.by))
    yield Fact("Put on file", item.at)
    yield Fact("Came", "after the time for evidence" if item.late else "")
    yield Fact("Weighed by", names.person(item.weighed_by))
    yield Fact("Because", item.because)
    yield Fact("Size", f"{item.size:,} bytes".replace(",", " ") if item.size else "")
    yield Fact("SHA-256", item.sha256[:16])
