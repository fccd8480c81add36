"""The own words of mails from the command line: out to a translator, and back in as a whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.command_line import data, run

pytestmark = pytest.mark.usefixtures("own_house")


def test_words_go_out_to_a_translator_and_come_back(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    assert "every mail is in Parley's words" in run("mail", "words", "list").output
    run("mail", "words", "export", "--mail", "offer_made", "--language", "fr", "--language", "ar", "-o", str(file))
    empty = file.read_text(encoding="utf-8")
    assert empty.count("version: 0") == 2
    file.write_text(empty.replace("first: ''", "first: Merci de répondre.", 1), encoding="utf-8")
    told = run("mail", "words", "import", str(file), "--by", "li")
    assert "2 texts were read, 1 changed" in told.output
    found = data("mail", "words", "list")
    assert [(one["language"], one["texts"]["first"]) for one in found["words"]] == [("fr", "Merci de répondre.")]
    assert found["missing"]["offer_made"] == dict.fromkeys(("en", "es", "ar", "ru", "zh"), 1)
    again = run("mail", "words", "import", str(file), "--by", "li")
    assert again.exit_code != 0
    assert f"{file}:2: somebody has changed this text since the file was written" in again.output.replace("\n", "")


def test_a_file_with_anything_wrong_in_it_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(
        "offer_made:\n  fr: {version: 0, subject: Une offre}\n  en:\n    version: 0\n    subject: '{{ title }}'\n"
        "sign_in_link:\n  fr: {version: 0, first: Bonjour}\n",
        encoding="utf-8",
    )
    told = run("mail", "words", "import", str(file), "--by", "li").output.replace("\n", " ")
    assert "words.yaml:3: subject, line 1, column 1: “title” is not known here" in told
    assert "guards somebody's way in" in told
    assert data("mail", "words", "list")["words"] == []
