"""Every mail in six languages: as it is kept, within the contract of headers and bodies, and light enough."""

from __future__ import annotations

import re
from email.message import EmailMessage
from functools import cache
from html.parser import HTMLParser

import pytest

from notifications import mime, tongues
from notifications.samples import names
from states.process import MailKind
from tests.notifications import golden, sample_case
from tests.notifications.golden import LANGUAGES
from tests.notifications.sample_case import LETTERHEAD, TYPED

KILO = 1024
ALWAYS = mime.HEADERS - {"List-Unsubscribe", "List-Unsubscribe-Post"}
REMINDERS = sample_case.reminders()
# What the made-up dispute is about, and who has a part in it; a subject and a header tell none of it.
SECRETS = tuple(
    word for one in TYPED.values() for word in (one.title, one.us, one.them, one.text, one.name, "0042", "Kilo")
)
SILENCE = ("If nothing is recorded by then", "Because nothing was recorded by then", "If you do nothing")
_FOREIGN = r"<(table|img|script|link|iframe|style|form|input|object|svg|video)\b|\bon\w+=|url\("


@pytest.fixture(scope="module", params=names())
def mail(request: pytest.FixtureRequest) -> str:
    """Yields each mail in turn, so that all is asked of one before the next is composed."""
    return str(request.param)


def each_language(mail: str) -> list[tuple[str, EmailMessage]]:
    return [(language, golden.message(mail, language)) for language in LANGUAGES]


def words(text: str) -> str:
    return " ".join(text.split())


def told(label: str, language: str) -> str:
    return str(tongues.tongue(language).catalogue.gettext(label))


class Seen(HTMLParser):
    """Reads what an HTML part shows, in order."""

    def __init__(self, markup: str) -> None:
        """Reads at once what stands in the body."""
        super().__init__()
        self.found: list[str] = []
        self.feed(markup[markup.index("<body") :])

    def handle_data(self, data: str) -> None:
        self.found.append(data)


@cache
def shown(mail: str, language: str) -> tuple[str, str]:
    """Return the words of the text and of the HTML of a mail."""
    read = golden.message(mail, language)
    return words(golden.body(read, "plain")), words(" ".join(Seen(golden.body(read, "html")).found))


def test_a_mail_is_the_one_that_is_kept(mail: str) -> None:
    path = golden.FOLDER / f"{mail}.txt"
    assert path.exists(), "run `python -m tests.notifications.golden`, and look at what it wrote"
    assert golden.kept(mail) == path.read_text(encoding="utf-8"), "if it is meant, renew what is kept as above"


def test_what_is_kept_is_every_mail_and_what_they_have_in_common() -> None:
    assert {path.name for path in golden.FOLDER.iterdir()} == {golden.LAYOUT, *(f"{mail}.txt" for mail in names())}
    assert golden.layout() == (golden.FOLDER / golden.LAYOUT).read_text(encoding="utf-8")


def test_a_mail_reads_back_without_a_defect_and_in_order(mail: str) -> None:
    for language, read in each_language(mail):
        assert not [defect for part in read.walk() for defect in part.defects]
        assert not [defect for value in read.values() for defect in value.defects]
        kinds = [part.get_content_type() for part in read.iter_parts()]
        assert kinds in (["text/plain", "text/html"], ["text/plain", "text/html", "text/calendar"])
        assert all(part["Content-Disposition"] is None for part in read.walk())
        lines = golden.content(mail, language).split(b"\r\n")
        assert max(map(len, lines)) <= mime.LINE_LIMIT
        assert max(map(len, re.findall(rb"=\?\S+\?=", golden.content(mail, language))), default=0) <= 75


def test_a_mail_has_the_headers_of_the_contract_and_no_other(mail: str) -> None:
    for language, read in each_language(mail):
        draft = golden.draft(mail, language)
        assert set(read) - ALWAYS == ({"List-Unsubscribe", "List-Unsubscribe-Post"} if draft.unsubscribe_url else set())
        assert len(read.keys()) == len(set(read))
        assert [str(one) for one in read["To"].addresses] == [draft.to] == [read["To"]]
        assert [one.addr_spec for one in read["From"].addresses] == [LETTERHEAD.address]
        assert read["Auto-Submitted"] == "auto-generated"
        assert read["X-Auto-Response-Suppress"] == "All"
        assert read["Content-Language"] == language
        assert draft.kind is MailKind.NOTICE or "List-Unsubscribe" not in read
        raw = golden.content(mail, language).split(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
        assert {line.partition(":")[0] for line in raw.splitlines() if "=?" in line} <= {"Subject", "From"}


def test_a_subject_is_short_and_tells_nothing_of_the_matter(mail: str) -> None:
    for _, read in each_language(mail):
        assert len(read["Subject"]) <= mime.SUBJECT_LIMIT
        assert "..." not in read["Subject"]
        headers = " ".join(str(value) for value in read.values())
        assert not [secret for secret in SECRETS if secret in headers]


def test_the_text_and_the_html_say_the_same_words_in_the_same_order(mail: str) -> None:
    for language in LANGUAGES:
        text, rich = shown(mail, language)
        assert re.findall(r"\w+", text) == re.findall(r"\w+", rich)


def test_the_html_is_laid_out_alike_in_every_language(mail: str) -> None:
    def skeleton(language: str) -> list[str]:
        rich = golden.body(golden.message(mail, language), "html")
        return re.findall(r"<[^>]+>", re.sub(r'lang="\w+" dir="\w+"', "", rich))

    assert all(skeleton(language) == skeleton("en") for language in LANGUAGES)


def test_there_is_one_link_and_it_stands_in_plain_sight(mail: str) -> None:
    for language, read in each_language(mail):
        plain, rich = golden.body(read, "plain"), golden.body(read, "html")
        (url,) = re.findall(r'<a href="([^"]+)"', rich)
        assert re.findall(r"https?://\S+", plain) == [url]
        assert f"\n{url}\n" in plain
        assert shown(mail, language)[1].count(url) == 1
        assert set(re.findall(r"https?://[^\s<\"]+", rich)) == {url}
        assert url.startswith(LETTERHEAD.base_url)


def test_the_html_runs_the_way_of_its_language_and_needs_nothing_from_elsewhere(mail: str) -> None:
    for language, read in each_language(mail):
        rich, way = golden.body(read, "html"), "rtl" if language == "ar" else "ltr"
        for element in ("html", "body", "div"):
            first = re.search(rf"<{element}\b[^>]*>", rich)
            assert first is not None
            assert f'lang="{language}" dir="{way}"' in first[0]
        assert '<meta name="color-scheme" content="light dark">' in rich
        assert not re.search(_FOREIGN, rich)


def test_whoever_is_asked_reads_at_once_by_when_and_what_silence_means(mail: str) -> None:
    for language in LANGUAGES:
        draft, (text, _) = golden.draft(mail, language), shown(mail, language)
        if draft.kind is MailKind.ACTION:
            assert [label for label in SILENCE if f"{told(label, language)}: " in text]
            due = re.search(rf"^ *{re.escape(told('Due', language))}: (.+)$", draft.text, re.MULTILINE)
            assert due is None or words(due[1]) in words(draft.text.split("\n\n")[0])
        assert LETTERHEAD.telephone in text


def test_a_mail_is_light(mail: str) -> None:
    limit = (8 if mail in REMINDERS else 15) * KILO
    for language in LANGUAGES:
        assert len(golden.content(mail, language)) <= limit
