"""The folder of files: what is kept, under which name and type, and what is never there half."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cases import file_kinds
from cases.files import STAMP_LASTS, FileStore
from states import errors, file_ref
from tests.stores import CSV, JPEG, KEY, PDF, PNG, packed, store_in

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
OPEN_TEXT = b"application/vnd.oasis.opendocument.text"
DOCX = packed(word__document___xml=b"<w/>")
XLSX = packed(xl__workbook___xml=b"<w/>")
ODT = packed(mimetype=OPEN_TEXT, content___xml=b"<x/>")


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return store_in(tmp_path / "files")


def add(store: FileStore, content: bytes = PDF, name: str = "report.pdf", *, by: str = "amal") -> file_ref.FileRef:
    return store.add([content], name, by=by, now=NOW)


def files_in(store: FileStore) -> list[Path]:
    return [path for path in store.folder.rglob("*") if path.is_file() and path.name != "lock"]


def content_of(store: FileStore, sha256: str) -> bytes:
    with store.open(sha256) as file:
        return file.read()


def test_a_file_lies_under_its_hash_and_is_read_back_whole(store: FileStore) -> None:
    kept = store.add([PDF[:10], PDF[10:]], "report.pdf", by="amal", now=NOW)
    assert (kept.sha256, kept.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (kept.name, kept.media_type) == ("report.pdf", "application/pdf")
    assert files_in(store) == [store.folder / kept.sha256[:2] / kept.sha256[2:4] / kept.sha256]
    assert content_of(store, kept.sha256) == PDF


def test_only_the_owner_of_the_desk_can_read_the_folder(store: FileStore) -> None:
    add(store)
    [file] = files_in(store)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700


def test_the_same_bytes_are_kept_once_under_any_name(store: FileStore) -> None:
    assert add(store, name="one.pdf").sha256 == add(store, name="other.pdf").sha256
    assert len(files_in(store)) == 1


def test_uploading_it_again_mends_a_file_that_was_changed(store: FileStore) -> None:
    sha256 = add(store).sha256
    store.place(sha256).write_bytes(b"changed")
    add(store)
    assert content_of(store, sha256) == PDF


def test_writers_of_the_same_bytes_do_not_hinder_one_another(store: FileStore) -> None:
    found: list[file_ref.FileRef] = []
    threads = [threading.Thread(target=lambda: found.append(add(store))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert content_of(store, found[0].sha256) == PDF
    assert len(files_in(store)) == 1


def test_a_file_that_grows_too_large_is_stopped_on_the_way(store: FileStore) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(1000)

    with pytest.raises(errors.Refused, match=r"larger than 0\.1 MB"):
        store.add(endless(), "report.pdf", by="amal", now=NOW)
    assert taken == 101
    assert files_in(store) == []


def test_an_interrupted_upload_leaves_nothing(store: FileStore) -> None:
    def broken() -> Iterator[bytes]:
        yield PDF
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        store.add(broken(), "report.pdf", by="amal", now=NOW)
    assert files_in(store) == []


def test_a_full_disk_is_told_plainly_and_leaves_nothing(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.Unavailable, match="No space left on device"):
        add(store)
    assert files_in(store) == []


def test_a_folder_that_cannot_be_used_is_told_plainly(store: FileStore) -> None:
    store.folder.write_text("a file stands where the folder should be")
    with pytest.raises(errors.Unavailable, match="files cannot be kept or read just now"):
        add(store)


def test_a_file_that_was_changed_is_not_given_out(store: FileStore) -> None:
    sha256 = add(store).sha256
    store.place(sha256).write_bytes(PDF.replace(b"1.7", b"1.6"))
    with pytest.raises(errors.BrokenRecord, match="was changed since it was kept"):
        store.open(sha256)


def test_a_file_that_is_gone_is_missed(store: FileStore) -> None:
    sha256 = add(store).sha256
    store.place(sha256).unlink()
    with pytest.raises(errors.BrokenRecord, match="is not in the folder for files"):
        store.open(sha256)


@pytest.mark.parametrize("hash_", ["../../secret", "..", "", "A" * 64, "a" * 63, f"{'a' * 64}/.."])
def test_only_a_hash_finds_a_place_in_the_folder(store: FileStore, hash_: str) -> None:
    with pytest.raises(errors.NotFound):
        store.open(hash_)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("A.PDF", PDF, "application/pdf"),
        ("a.png", PNG, "image/png"),
        ("a.jpeg", JPEG, "image/jpeg"),
        ("a.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.xlsx", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("a.odt", ODT, OPEN_TEXT.decode()),
        ("a.csv", CSV, "text/csv"),
        ("تقرير.txt", "مرحبا\n".encode(), "text/plain"),
    ],
)
def test_usual_papers_are_kept_with_their_type(store: FileStore, name: str, content: bytes, media_type: str) -> None:
    assert add(store, content, name).media_type == media_type


@pytest.mark.parametrize(
    "name", ["run.exe", "run.sh", "page.html", "drawing.svg", "code.js", "list.docm", "noending", ".htaccess", "a.zip"]
)
def test_what_could_be_run_is_not_kept_whatever_it_holds(store: FileStore, name: str) -> None:
    with pytest.raises(errors.Refused, match="of a type that is not kept here; save it as one of: pdf, jpg"):
        add(store, PDF, name)
    assert files_in(store) == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("report.pdf", PNG),
        ("photo.png", PDF),
        ("photo.jpg", b"MZ\x90\x00" + bytes(64)),
        ("paper.docx", packed(a___txt=b"x")),
        ("paper.docx", XLSX),
        ("paper.docx", packed(word__document___xml=b"x", word__vbaProject___bin=b"x")),
        ("paper.odt", packed(mimetype=b"application/vnd.oasis.opendocument.spreadsheet")),
        ("paper.odt", packed(mimetype=OPEN_TEXT, Basic__Standard__module___xml=b"x")),
        ("list.csv", b"<!DOCTYPE html><script>"),
        ("list.txt", b"\xef\xbb\xbf  <svg xmlns=''>"),
        ("list.txt", b"#!/bin/sh\nrm -r /\n"),
        ("list.txt", b"\x7fELF\x02\x01\x01\x00"),
        ("list.txt", b"MZ\x90\x00"),
    ],
)
def test_bytes_that_contradict_the_name_are_refused(store: FileStore, name: str, content: bytes) -> None:
    with pytest.raises(errors.Refused, match="does not hold what its name says"):
        add(store, content, name)
    assert files_in(store) == []


def test_an_empty_file_is_refused(store: FileStore) -> None:
    with pytest.raises(errors.Refused, match="empty"):
        add(store, b"")


def test_an_office_may_keep_other_types_and_none_that_cannot_be_told(tmp_path: Path) -> None:
    wide = store_in(tmp_path, types=("application/zip",))
    assert add(wide, DOCX, "all.zip").media_type == "application/zip"
    with pytest.raises(errors.Refused, match="save it as one of: zip"):
        add(wide, PDF, "report.pdf")
    with pytest.raises(errors.DefinitionError, match="text/html cannot be told by its bytes"):
        file_kinds.allowed(("text/html",))


@pytest.mark.parametrize("raw", ["/etc/report.pdf", "C:\\papers\\report.pdf", "../../report.pdf", " report.pdf "])
def test_a_name_loses_the_folders_before_it(raw: str) -> None:
    assert file_kinds.clean_name(raw) == "report.pdf"


@pytest.mark.parametrize(
    "raw", ["fdp\u202eexe.pdf", "a\u2066b.pdf", "a\nb.pdf", "a\x00.pdf", "a\u2028b.pdf", "", "folder/", "x" * 201]
)
def test_a_name_that_deceives_is_refused(raw: str) -> None:
    with pytest.raises(errors.Refused, match=r"the file has no name|the name of the file"):
        file_kinds.clean_name(raw)


def test_a_name_in_any_script_stays_as_it_is() -> None:
    for name in ("تقرير.pdf", "报告; v2.pdf", "rapport d'été.pdf", "می‌خواهم.pdf"):
        assert file_kinds.clean_name(name) == name


def test_the_reference_reads_back_and_loses_its_stamp_once_confirmed(store: FileStore) -> None:
    kept = add(store, name="a; b.pdf")
    assert file_ref.parse(str(kept)) == kept
    assert store.confirmed(str(kept), by="amal", now=NOW + STAMP_LASTS) == replace(kept, stamp="")


@pytest.mark.parametrize(
    "forged",
    [
        lambda kept: (replace(kept, stamp=""), "amal", NOW),
        lambda kept: (replace(kept, name="other.pdf"), "amal", NOW),
        lambda kept: (replace(kept, media_type="text/html"), "amal", NOW),
        lambda kept: (replace(kept, sha256="0" * 64), "amal", NOW),
        lambda kept: (replace(kept, stamp=f"99{kept.stamp}"), "amal", NOW),
        lambda kept: (kept, "bilal", NOW),
        lambda kept: (kept, "amal", NOW + STAMP_LASTS + timedelta(seconds=1)),
    ],
    ids=["no stamp", "name", "type", "hash", "time", "another person", "too old"],
)
def test_a_hash_that_somebody_heard_of_opens_nothing(store: FileStore, forged: object) -> None:
    reference, by, now = forged(add(store))  # type: ignore[operator]  # each is a function of what was kept
    with pytest.raises(errors.Refused, match="was not uploaded by you"):
        store.confirmed(str(reference), by=by, now=now)


def test_another_installation_s_stamp_counts_for_nothing(store: FileStore) -> None:
    kept = add(replace(store, key=b"another key"))
    assert store.key == KEY
    with pytest.raises(errors.Refused, match="was not uploaded by you"):
        store.confirmed(str(kept), by="amal", now=NOW)


@pytest.mark.parametrize("text", ["report.pdf", "sha256:12;1;a/b;c", "", "sha256:" + "a" * 64])
def test_what_is_no_reference_is_asked_for_again(store: FileStore, text: str) -> None:
    with pytest.raises(errors.Refused, match="must be uploaded first"):
        store.confirmed(text, by="amal", now=NOW)


def test_what_is_forgotten_is_old_unwanted_and_not_uploaded_again(store: FileStore) -> None:
    old, fresh = add(store), store.add([PNG], "a.png", by="amal", now=NOW + timedelta(hours=2))
    later = NOW + timedelta(hours=1)
    (store.folder / "incoming" / "left").write_bytes(b"half a file")
    os.utime(store.folder / "incoming" / "left", (NOW.timestamp(), NOW.timestamp()))
    assert store.older_than(later) == {old.sha256}
    assert store.forget([old.sha256, fresh.sha256, "0" * 64], before=later) == 2
    assert [path.name for path in files_in(store)] == [fresh.sha256]
