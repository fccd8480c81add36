"""Every mail of the shipped processes: it renders, keeps to the contract, and says the same plain and rich."""

from __future__ import annotations

import html
import io
import re
from dataclasses import fields, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import jinja2
import pytest
from babel.messages import mofile
from babel.messages.catalog import Catalog
from babel.support import Translations

from config import load, vocabulary
from notifications import mime, quotes, tongues, wording
from notifications.tongues import Tongue
from states.process import MailKind
from states.said import say
from tests import pseudo

MAILS = sorted(folder.name for folder in wording.TEMPLATES.iterdir() if folder.is_dir())
DUE_AT = datetime(2026, 12, 3, 14, tzinfo=UTC)
URL = "https://desk.example/cases/D-2026-0042"
SIZE_LIMIT = 8 * 1024

LETTER = wording.Letter(
    desk="Dispute desk",
    url=URL,
    asks=True,
    telephone="+211 912 000 000",
    answers_read=True,
    role="Representative (Water & Roads Agency)",
    number="D-2026-0042",
    title="The well at <Kilo 7>",
    stage="Sessions",
    tier="Area",
    act="Make an offer",
    actor="Representative (Health Committee)",
    meant="The case goes on.",
    details=(wording.Fact("Terms offered", "Mornings for you,\nevenings for us & the <others>."),),
    step="Answer to an offer",
    due="Thursday, 3 December 2026, 16:00 Juba time (UTC+2)",
    due_own="Thursday, 3 December 2026, 19:45 Kathmandu time (UTC+5:45)",
    day="3 Dec",
    means="The offer lapses; it is never taken as accepted.",
)
NOTICE = replace(LETTER, asks=False, telephone="", answers_read=False, actor="")
BARE = wording.Letter(desk="A desk with quite a long name of its own", url=URL, asks=True)


def sent(mail: str, letter: wording.Letter = LETTER, language: str = "en") -> EmailMessage:
    return message_from_bytes(content(mail, letter, language), policy=policy.default)


def content(mail: str, letter: wording.Letter, language: str = "en") -> bytes:
    words = wording.voice(language).render(mail, letter)
    return mime.build(
        mime.Draft(
            from_name=letter.desk,
            from_address="desk@desk.example",
            reply_to="team@desk.example",
            to="anna@ngo.example",
            sender="desk@desk.example",
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id="0123456789abcdef@desk.example",
            thread_root="fedcba9876543210@desk.example",
            language=words.language,
            date=DUE_AT,
            kind=MailKind.ACTION,
            list_id="actions.desk.example",
        ),
    )


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def flat(text: str) -> str:
    return " ".join(text.split())


def seen(markup: str) -> str:
    return flat(html.unescape(re.sub(r"<[^>]+>", " ", markup[markup.index("<body") :])))


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("letter", [LETTER, NOTICE, BARE, replace(LETTER, late=True)])
def test_a_mail_parses_back_without_defects_and_with_no_header_but_ours(mail: str, letter: wording.Letter) -> None:
    message = sent(mail, letter)
    defects = [defect for part in message.walk() for defect in part.defects]
    assert not defects
    assert set(message.keys()) <= mime.HEADERS
    assert all(not header.defects for header in message.values())
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("mail", MAILS)
def test_a_subject_is_short_and_tells_nothing_of_the_matter(mail: str) -> None:
    for letter in (LETTER, NOTICE, BARE):
        subject = sent(mail, letter)["Subject"]
        assert re.match(r"\[(Dispute|A)( \w+)*\] |[^\[]", subject)
        assert len(subject) <= mime.SUBJECT_LIMIT
        assert "..." not in subject
        assert not any(secret in subject for secret in ("D-2026", "Kilo", "Agency", "Committee", "Sessions"))


@pytest.mark.parametrize("mail", MAILS)
def test_what_is_asked_stands_in_the_subject_with_its_day(mail: str) -> None:
    assert sent(mail)["Subject"].endswith(", due 3 Dec")


@pytest.mark.parametrize("mail", MAILS)
def test_the_first_line_says_what_to_do_and_by_when(mail: str) -> None:
    first = flat(body(sent(mail), "plain").split("\n\n")[0])
    assert first.endswith(f"Please do it by {LETTER.due}.")
    assert len(first) > len(f"Please do it by {LETTER.due}.") + 10


@pytest.mark.parametrize("mail", MAILS)
def test_there_is_one_link_and_it_stands_in_plain_sight(mail: str) -> None:
    message = sent(mail)
    plain, rich = body(message, "plain"), body(message, "html")
    assert re.findall(r"https?://\S+", plain) == [URL]
    assert f"\n{URL}\n" in plain
    assert re.findall(r'<a href="([^"]+)"', rich) == [URL]
    assert seen(rich).count(URL) == 1
    assert set(re.findall(r"https?://[^\s<\"]+", rich)) == {URL}


@pytest.mark.parametrize("mail", MAILS)
def test_the_plain_and_the_rich_body_say_the_same(mail: str) -> None:
    message = sent(mail)
    plain, rich = flat(body(message, "plain")), seen(body(message, "html"))
    facts = [LETTER.due, LETTER.due_own, LETTER.means, LETTER.number, LETTER.title, LETTER.stage, LETTER.telephone]
    for fact in (*facts, LETTER.act, LETTER.actor, LETTER.meant, LETTER.role, LETTER.step, LETTER.tier):
        assert fact in plain
        assert fact in rich
    assert sorted(re.findall(r"\w+", plain)) == sorted(re.findall(r"\w+", rich))


@pytest.mark.parametrize("mail", MAILS)
def test_what_people_wrote_is_text_and_not_markup(mail: str) -> None:
    rich = body(sent(mail), "html")
    assert "evenings for us &amp; the &lt;others&gt;" in rich
    assert "<Kilo" not in rich


@pytest.mark.parametrize("mail", MAILS)
def test_a_mail_is_light(mail: str) -> None:
    terms = wording.Fact("Terms offered", quotes.shortened("水" * 1000, quotes.QUOTE_LIMIT))
    heavy = replace(LETTER, title=quotes.calm("水" * 1000), details=(terms,))
    assert len(content(mail, LETTER)) < SIZE_LIMIT / 1.5
    assert len(content(mail, heavy)) <= SIZE_LIMIT


@pytest.mark.parametrize("mail", MAILS)
def test_the_rich_body_needs_no_table_no_image_and_nothing_from_elsewhere(mail: str) -> None:
    rich = body(sent(mail), "html")
    assert '<html lang="en" dir="ltr">' in rich
    assert '<body lang="en" dir="ltr"' in rich
    assert '<meta name="color-scheme" content="light dark">' in rich
    assert not re.search(r"<(table|img|script|link|iframe|style|form)\b", rich)


def test_a_template_that_asks_for_what_no_letter_has_is_an_error(tmp_path: Path) -> None:
    voice = wording.voice("en")
    broken = voice.plain.overlay(loader=jinja2.DictLoader({"x/subject": "{{ letter.nothing }}"}))
    with pytest.raises(jinja2.UndefinedError):
        replace(voice, plain=broken).render("x", LETTER)
    with pytest.raises(jinja2.TemplateNotFound):
        voice.render(str(tmp_path), LETTER)


def test_every_template_is_listed_and_every_listed_one_exists() -> None:
    assert sorted(load.mail_templates()) == MAILS
    for mail in MAILS:
        assert {file.name for file in (wording.TEMPLATES / mail).iterdir()} == {"subject", "body.txt", "body.html"}


def test_every_mail_of_a_shipped_process_has_its_template() -> None:
    for path in load.shipped_processes().values():
        process = load.load_process(path, vocabulary=vocabulary.shipped())
        reminders = {one.mail for deadline in process.every_deadline() for one in deadline.reminders}
        assert {*process.mails, *reminders} <= set(MAILS)


def test_a_language_speaks_and_runs_its_own_way() -> None:
    voice = wording.voice_of(Tongue("ar", Translations(io.BytesIO(arabic()))))
    words = voice.render("offer_made", replace(LETTER, due=voice.moment(DUE_AT, "Africa/Juba")))
    assert '<html lang="ar" dir="rtl">' in words.html
    assert "افتح القضية:" in words.text
    assert "الخميس، 3 ديسمبر 2026، 16:00 بتوقيت جوبا (UTC+2)" in words.text


def arabic() -> bytes:
    catalogue = Catalog(locale="ar")
    catalogue.add("Open the case", "افتح القضية")
    catalogue.add("%(day)s, %(time)s %(place)s time (%(offset)s)", "%(day)s، %(time)s بتوقيت %(place)s (%(offset)s)")
    return compiled(catalogue)


def compiled(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    mofile.write_mo(file, catalogue)
    return file.getvalue()


@pytest.mark.parametrize("mail", MAILS)
@pytest.mark.parametrize("letter", [LETTER, BARE])
def test_every_sentence_of_a_mail_can_be_told_in_another_language(mail: str, letter: wording.Letter) -> None:
    voice = wording.voice(tongues.PSEUDO)
    words = voice.render(mail, told_in(voice, letter))
    assert not set(pseudo.untranslated(words.html)) - {letter.desk}
    assert not pseudo.unwrapped(words.text.replace(letter.url, ""))
    assert not pseudo.unwrapped(words.subject.rpartition("]")[2])


def test_the_day_survives_in_a_language_of_long_words() -> None:
    voice = wording.voice_of(Tongue("fr", Translations(io.BytesIO(long_winded()))))
    subject = voice.render("offer_made", LETTER).subject
    assert subject.startswith("Une offre attend")
    assert subject.endswith("…, à rendre pour le 3 Dec")
    assert len(subject) <= mime.SUBJECT_LIMIT


def long_winded() -> bytes:
    catalogue = Catalog(locale="fr")
    catalogue.add("An offer waits for your answer", "Une offre attend depuis un certain temps votre réponse écrite")
    catalogue.add("%(words)s, due %(day)s", "%(words)s, à rendre pour le %(day)s")
    return compiled(catalogue)


def told_in(voice: wording.Voice, letter: wording.Letter) -> wording.Letter:
    """Return a letter whose own words were told in a language, as the composer tells them."""
    own = {one.name: getattr(letter, one.name) for one in fields(letter) if one.name not in {"desk", "url"}}
    told: dict[str, Any] = {name: voice.tell(say(text)) for name, text in own.items() if isinstance(text, str)}
    facts = tuple(wording.Fact(voice.tell(say(one.label)), voice.tell(say(one.words))) for one in letter.details)
    return replace(letter, **told, details=facts)


def test_a_language_without_a_catalogue_gets_english_and_english_dates() -> None:
    voice = wording.voice("sw")
    assert (voice.language, voice.direction) == ("en", "ltr")
    assert voice.moment(DUE_AT, "Africa/Juba") == "Thursday, 3 December 2026, 16:00 Juba time (UTC+2)"


@pytest.mark.parametrize("nonsense", ["", "xx", "not a tag", "en_XX_YY_ZZ"])
def test_a_language_nobody_knows_is_no_reason_to_keep_silent(nonsense: str) -> None:
    assert wording.voice(nonsense).language == "en"


@pytest.mark.parametrize(
    ("timezone", "words"),
    [
        ("UTC", "Thursday, 3 December 2026, 14:00 UTC"),
        ("Asia/Kathmandu", "Thursday, 3 December 2026, 19:45 Kathmandu time (UTC+5:45)"),
        ("Pacific/Marquesas", "Thursday, 3 December 2026, 04:30 Marquesas time (UTC-9:30)"),
        ("Pacific/Auckland", "Friday, 4 December 2026, 03:00 Auckland time (UTC+13)"),
    ],
)
def test_an_instant_is_told_on_the_clock_of_a_place(timezone: str, words: str) -> None:
    assert wording.voice("en").moment(DUE_AT, timezone) == words
