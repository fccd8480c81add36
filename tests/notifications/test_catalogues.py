"""The sentences that translators are given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.catalog import Catalog, Message

from notifications import catalogues, tongues
from states import errors


def listed(room: str) -> set[str | tuple[str, ...]]:
    with catalogues.template_of(room).open("rb") as file:
        return {message.id if isinstance(message.id, str) else tuple(message.id) for message in pofile.read_po(file)}


@pytest.mark.parametrize("room", tongues.ROOMS)
def test_the_list_of_sentences_for_translators_is_complete(room: str) -> None:
    kept = catalogues.template_of(room).read_text(encoding="utf-8")
    assert kept == catalogues.template(room), "the sentences have changed: make words"


@pytest.mark.parametrize(
    ("room", "sentence"),
    [
        ("config", "every party has consented"),
        ("config", "Terms offered"),
        ("config", "not told in time"),
        ("config", "process agreement"),
        ("config", "Dispute between partner organisations"),
        ("config", "The offer lapses; it is never taken as accepted."),
        ("config", ("a case may be stayed %(count)s time at most", "a case may be stayed %(count)s times at most")),
        ("notifications", "An offer waits for your answer"),
        ("notifications", "Doors that stay open"),
    ],
)
def test_every_kind_of_sentence_is_on_the_list(room: str, sentence: str | tuple[str, ...]) -> None:
    assert sentence in listed(room)


# What is wrong with a definition is told in English, to whoever writes it.
REFUSALS = {
    name
    for name, kind in vars(errors).items()
    if isinstance(kind, type) and issubclass(kind, errors.ParleyError) and not issubclass(kind, errors.DefinitionError)
}


@pytest.mark.parametrize("room", ["states", "cases"])
def test_whatever_is_refused_is_said_so_that_it_can_be_told(room: str) -> None:
    files = sorted((catalogues.HOUSE / room).rglob("*.py"))
    bare = {f"{file}:{line}" for file in files for line in bare_refusals(file.read_text(encoding="utf-8"))}
    assert not bare, "wrap it in say(…)"


def bare_refusals(code: str) -> Iterator[int]:
    """Yield the lines on which a refusal is made of a bare text."""
    for call in ast.walk(ast.parse(code)):
        if not isinstance(call, ast.Call) or getattr(call.func, "attr", getattr(call.func, "id", "")) not in REFUSALS:
            continue
        first = call.args[0] if call.args else None
        if isinstance(first, ast.JoinedStr) or (isinstance(first, ast.Constant) and isinstance(first.value, str)):
            yield call.lineno


KEPT = [
    (room, language)
    for room in tongues.ROOMS
    for language in tongues.LANGUAGES
    if catalogues.catalogue_of(room, language).is_file()
]


def translated() -> Iterator[tuple[str, str, Message]]:
    for room, language in KEPT:
        with catalogues.catalogue_of(room, language).open("rb") as file:
            yield from ((room, language, one) for one in pofile.read_po(file, locale=language) if one.id)


def places(patterns: str | Sequence[str]) -> set[str]:
    return set(re.findall(r"%\((\w+)\)|\{(\w+)\}", patterns if isinstance(patterns, str) else " ".join(patterns)))


def test_what_is_translated_keeps_the_places_of_its_sentence() -> None:
    kept = (
        (room, language, one.id, places(one.id) == places(one.string or "")) for room, language, one in translated()
    )
    wrong = [where for *where, same in kept if not same]
    assert not wrong


def test_every_sentence_is_translated_into_every_language() -> None:
    assert {(room, language) for room, language, _ in translated()} == {
        (room, language) for room in tongues.ROOMS for language in tongues.LANGUAGES if language != tongues.SOURCE
    }
    missing = [(room, language, one.id) for room, language, one in translated() if not all(forms(one))]
    assert not missing, "give each language its words, then: make words"


def forms(message: Message) -> Sequence[str]:
    return (message.string,) if isinstance(message.string, str) else message.string or ("",)


def test_a_new_catalogue_says_that_it_awaits_a_native_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogues, "HOUSE", tmp_path)
    catalogues.template_of("desk").parent.mkdir(parents=True)
    catalogues.template_of("desk").write_text('msgid "Due"\nmsgstr ""\n')
    assert catalogues.updated("desk", "ar") == "0 of 1 sentences"
    begun = catalogues.catalogue_of("desk", "ar").read_text(encoding="utf-8")
    assert begun.startswith("# Parley in Arabic.\n# Awaiting a native reader.\nmsgid")
    assert "nplurals=6" in begun


def test_a_catalogue_keeps_what_is_translated_and_loses_what_nobody_says_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalogues, "HOUSE", tmp_path)
    (tmp_path / "notifications/locale/fr/LC_MESSAGES").mkdir(parents=True)
    catalogues.template_of("notifications").write_text('msgid "Due"\nmsgstr ""\n\nmsgid "New"\nmsgstr ""\n')
    old = Catalog(locale="fr")
    old.add("Due", "Échéance")
    old.add("Gone", "Parti")
    with catalogues.catalogue_of("notifications", "fr").open("wb") as file:
        pofile.write_po(file, old)
    assert catalogues.updated("notifications", "fr") == "1 of 2 sentences"
    with catalogues.catalogue_of("notifications", "fr").open("rb") as file:
        kept = {message.id: message.string for message in pofile.read_po(file, locale="fr") if message.id}
    assert kept == {"Due": "Échéance", "New": ""}
