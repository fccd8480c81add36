"""The reader of case files: what it reads from CSV, JSON and YAML, and what it refuses with which line."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk import importing
from states import errors


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(errors.DefinitionError) as refused:
        importing.read(path)
    return str(refused.value)


def test_a_row_knows_the_line_it_begins_on_even_after_cells_of_several_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", 'title,issues\n"Gate","Who opens?\nWho pays?"\n\nWater,\n')
    first, second = importing.read(path)
    assert (first.line, first.texts("issues")) == (2, ("Who opens?", "Who pays?"))
    assert (second.place, second.text("title")) == (f"{path}:5", "Water")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_use_its_own_delimiter(tmp_path: Path, delimiter: str) -> None:
    [told] = importing.read(written(tmp_path, "a.csv", f"Title{delimiter}Initiating_Party\nGate{delimiter}Base\n"))
    assert told.values == {"title": "Gate", "initiating party": "Base"}


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    [told] = importing.read(written(tmp_path, "a.csv", "\ufefftitle\nGate\n"))
    assert told.text("title") == "Gate"


@pytest.mark.parametrize(
    "text",
    [
        '[\n {"title": "Gate", "issues": ["a", "b"]},\n {"title": "Water", "right_forum": true}\n]',
        '\n{"title": "Gate", "issues": ["a", "b"]}\n{"title": "Water", "right_forum": true}\n',
    ],
)
def test_json_is_a_list_or_an_object_a_line(tmp_path: Path, text: str) -> None:
    first, second = importing.read(written(tmp_path, "a.json", text))
    assert (first.line, first.texts("issues")) == (2, ("a", "b"))
    assert (second.line, second.text("right forum")) == (3, "yes")


def test_yaml_tells_of_one_case_or_of_several(tmp_path: Path) -> None:
    [alone] = importing.read(written(tmp_path, "a.yaml", "title: Gate\nissues: [a, b]\n"))
    first, second = importing.read(written(tmp_path, "b.yaml", "- title: Gate\n- title: Water\n"))
    assert alone.texts("issues") == ("a", "b")
    assert (first.text("title"), second.line) == ("Gate", 2)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", 'title\n"Gate\n', ": this is not CSV"),
        ("a.csv", "title\nGate,Base\n", ":2: there are 2 cells but only 1 columns"),
        ("a.csv", "title,Title\nGate,Base\n", ":1: the column “title” stands twice"),
        ("a.json", '[{"title": "Gate"},\n {"title": "Wa', ":2: this is not JSON"),
        ("a.json", '[\n"Gate"]', ":2: each case must be an object"),
        ("a.json", '[\n{"title": {"en": "Gate"}}]', ":2: “title” must be a text or a list of texts"),
        ("a.yaml", "title: [", ": this is not YAML"),
        ("a.txt", "title", "the name must end in one of: .csv"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = written(tmp_path, name, text)
    assert refusal(path).startswith(str(path))
    assert told in refusal(path)


def test_text_in_another_encoding_is_refused_with_the_way_to_mend_it(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("title\nJérôme\n".encode("latin-1"))
    assert "save it as “CSV UTF-8”" in refusal(path)


def test_the_key_follows_the_id_or_else_the_content() -> None:
    named, renamed = (importing.entry("f", {"id": "7", "title": title}) for title in ("Gate", "Water"))
    plain, same, other = (importing.entry("f", {"title": title}, line=line) for title, line in _TITLES)
    assert named.key == renamed.key == "import:7"
    assert plain.key == same.key != other.key


_TITLES = [("Gate", 2), ("Gate", 9), ("Water", 3)]
