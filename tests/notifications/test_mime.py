"""The bytes of one message, and every way to smuggle something into them."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from cases import addresses
from notifications import mime, transport
from states import errors, process
from tests.notifications.corpus_of_attacks import ATTACKS, hidden

SECRET = b"a secret of the desk"


def an_id(*parts: str) -> str:
    return mime.message_id(SECRET, *parts, domain="desk.example")


PLAIN = mime.Draft(
    from_name="Dispute desk",
    from_address="desk@desk.example",
    reply_to="team@desk.example",
    to="anna@ngo.example",
    sender="bounce+0123456789abcdefghijkl@desk.example",
    subject="[desk] Reminder: an answer is due 3 Dec",
    text="Please answer by 3 December 16:00 Juba, UTC+2.\n\nhttps://desk.example/c/1\n",
    html='<!doctype html><html lang="en"><body><p>Please answer.</p></body></html>',
    message_id=an_id("reminder", "7", "anna", "1"),
    thread_root=an_id("root", "7", "anna"),
    language="en",
    date=datetime(2026, 12, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))),
    kind=process.MailKind.ACTION,
    list_id="reminders.desk.example",
)


def with_field(field: str, value: str, *, kind: process.MailKind = PLAIN.kind) -> mime.Draft:
    changes: dict[str, Any] = {field: value}
    return replace(PLAIN, kind=kind, **changes)


def parsed(draft: mime.Draft) -> EmailMessage:
    return message_from_bytes(mime.build(draft), policy=policy.default)


def body(draft: mime.Draft, kind: str) -> str:
    part = parsed(draft).get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_headers_are_those_of_the_contract() -> None:
    headers = [(name, str(value)) for name, value in parsed(PLAIN).items()]

    root = f"<{an_id('root', '7', 'anna')}>"
    assert headers == [
        ("Date", "Tue, 01 Dec 2026 07:30:00 +0000"),
        ("From", "Dispute desk <desk@desk.example>"),
        ("Reply-To", "team@desk.example"),
        ("To", "anna@ngo.example"),
        ("Subject", "[desk] Reminder: an answer is due 3 Dec"),
        ("Message-ID", f"<{PLAIN.message_id}>"),
        ("In-Reply-To", root),
        ("References", root),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", "<reminders.desk.example>"),
        ("MIME-Version", "1.0"),
        ("Content-Type", headers[12][1]),
        ("Content-Language", "en"),
    ]
    assert headers[12][1].startswith("multipart/alternative")


def test_the_text_comes_before_the_html() -> None:
    message = parsed(PLAIN)

    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert not any(part.defects for part in message.walk())


def test_the_same_draft_gives_the_same_bytes() -> None:
    assert mime.build(PLAIN) == mime.build(replace(PLAIN))


def test_two_messages_have_two_boundaries() -> None:
    other = replace(PLAIN, message_id=an_id("other"))

    assert parsed(PLAIN).get_boundary() != parsed(other).get_boundary()


WORDS = {
    "fr": "Veuillez répondre avant jeudi à midi.",
    "es": "Responda antes del jueves, por favor: ¿está de acuerdo?",
    "ru": "Пожалуйста, ответьте до четверга.",
    "zh": "请在星期四之前答复。",
    "ar": "يرجى الرد قبل يوم الخميس.",
}


@pytest.mark.parametrize("language", WORDS)
def test_every_language_arrives_as_it_was_written(language: str) -> None:
    words = WORDS[language]
    draft = replace(PLAIN, language=language, subject=words, from_name=words, text=words, html=f"<p>{words}</p>")

    assert parsed(draft)["Subject"] == words
    assert body(draft, "plain").strip() == words
    assert body(draft, "html").strip() == f"<p>{words}</p>"


@pytest.mark.parametrize("language", WORDS)
def test_the_bytes_pass_through_any_server_unchanged(language: str) -> None:
    words = WORDS[language] * 30
    content = mime.build(replace(PLAIN, subject=words, from_name=words, text=words, html=f"<p>{words}</p>"))

    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 76
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    assert max(map(len, re.findall(rb"=\?\S+\?=", content))) <= 75


def test_a_long_html_line_is_folded_on_its_way_only() -> None:
    draft = replace(PLAIN, html=f"<p>{'x' * 3000}</p>")

    assert max(map(len, mime.build(draft).split(b"\r\n"))) <= 78
    assert body(draft, "html").strip() == draft.html


@pytest.mark.parametrize("text", [f"--=_{'0' * 32}", "--", ".", "From here on", "\n\n"])
def test_no_text_can_end_the_message_early(text: str) -> None:
    assert body(replace(PLAIN, text=text), "plain").strip() == text.strip()


def test_even_the_boundary_itself_may_stand_in_the_text() -> None:
    boundary = parsed(PLAIN).get_boundary()
    draft = replace(PLAIN, text=f"--{boundary}--\nlater")

    with pytest.raises(mime.BadMessage):
        mime.build(draft)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["subject", "from_name"])
def test_what_users_write_never_becomes_a_header(field: str, attack: str) -> None:
    message = parsed(with_field(field, attack))

    assert message.keys() == parsed(PLAIN).keys()
    assert [address.addr_spec for address in message["From"].addresses] == ["desk@desk.example"]
    assert not re.search("[\x00-\x1f\x7f\u2028-\u202e\u2066-\u2069]", message["Subject"] + str(message["From"]))


@given(attack=some.text(max_size=200), seed=some.sampled_from(["", hidden("Bcc:_x@evil.example"), "=?utf-8?q?"]))
def test_no_text_at_all_becomes_a_header(attack: str, seed: str) -> None:
    message = parsed(replace(PLAIN, subject=attack + seed, from_name=seed + attack))

    assert message.keys() == parsed(PLAIN).keys()
    assert message["To"].addresses[0].addr_spec == "anna@ngo.example"


@pytest.mark.parametrize("field", ["message_id", "thread_root", "list_id", "language", "unsubscribe_url"])
@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack])
def test_what_machines_read_is_refused_instead_of_mended(field: str, attack: str) -> None:
    with pytest.raises(mime.BadMessage):
        mime.build(with_field(field, attack, kind=process.MailKind.NOTICE))


@pytest.mark.parametrize("field", ["from_address", "reply_to", "to", "sender"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_every_address_of_a_message_is_exactly_one(field: str, attack: str) -> None:
    with pytest.raises(addresses.BadAddress):
        mime.build(with_field(field, attack))


def test_joiners_that_persian_and_hindi_need_are_kept() -> None:
    assert parsed(replace(PLAIN, subject="می\u200cرسد"))["Subject"] == "می\u200cرسد"


def test_a_long_subject_is_cut_at_sixty_characters() -> None:
    subject = parsed(replace(PLAIN, subject="word " * 40))["Subject"]

    assert len(subject) == 60
    assert subject == f"{'word ' * 11}wo..."


def test_a_name_is_cut_and_loses_signs_that_some_servers_choke_on() -> None:
    content = mime.build(replace(PLAIN, from_name='Desk: "A, B" @home <x> ' + "ñ" * 100))
    # Python 3.11 reads two neighbouring encoded words in a name as if a space stood between them.
    sender = str(make_header(decode_header(message_from_bytes(content, policy=policy.compat32)["From"])))

    assert sender == f"Desk A B home x {'ñ' * 56}... <desk@desk.example>"


def test_only_a_notice_can_be_unsubscribed_from() -> None:
    url = "https://desk.example/u/0123456789abcdefghijkl"
    notice = parsed(replace(PLAIN, kind=process.MailKind.NOTICE, unsubscribe_url=url))

    assert notice["List-Unsubscribe"] == f"<{url}>"
    assert notice["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with pytest.raises(mime.BadMessage, match="asks for an act"):
        mime.build(replace(PLAIN, unsubscribe_url=url))


def test_the_longest_link_and_the_longest_id_survive_in_their_headers() -> None:
    url = "https://desk.example/u/".ljust(70, "a")
    identity = f"{'a' * 32}@{'d' * 32}.example"
    content = mime.build(
        replace(
            PLAIN,
            kind=process.MailKind.NOTICE,
            unsubscribe_url=url,
            message_id=identity,
            thread_root=identity,
        ),
    )

    for value in (url, identity):
        assert f"<{value}>".encode() in content
    assert b"=?" not in content


def test_a_link_or_id_that_would_be_garbled_is_refused() -> None:
    with pytest.raises(mime.BadMessage):
        mime.build(replace(PLAIN, kind=process.MailKind.NOTICE, unsubscribe_url="https://desk.example/".ljust(71, "a")))
    with pytest.raises(mime.BadMessage):
        mime.build(replace(PLAIN, message_id=f"{'a' * 32}@{'d' * 60}.example"))


def test_a_date_without_a_zone_is_refused() -> None:
    with pytest.raises(mime.BadMessage, match="time zone"):
        mime.build(replace(PLAIN, date=datetime(2026, 12, 1)))  # noqa: DTZ001 - what is refused


def test_a_local_part_beyond_ascii_is_kept_in_utf8() -> None:
    draft = replace(PLAIN, to="анна@почта.example")

    assert "\r\nTo: анна@xn--80a1acny.example\r\n".encode() in mime.build(draft)


def test_what_is_built_can_be_put_in_an_envelope() -> None:
    envelope = transport.Envelope(
        message_id=PLAIN.message_id,
        sender=PLAIN.sender,
        recipient=addresses.one_address(PLAIN.to),
        content=mime.build(PLAIN),
    )

    assert envelope.recipient == "anna@ngo.example"


def test_an_id_is_stable_and_tells_nothing() -> None:
    identity = an_id("reminder", "case 7", "anna")

    assert identity == an_id("reminder", "case 7", "anna")
    assert re.fullmatch(r"[0-9a-f]{32}@desk\.example", identity)


@pytest.mark.parametrize("parts", [("ab", "c"), ("a", "bc", ""), ("abc",), ("a", "b", "c"), ("a,", "bc")])
def test_different_parts_give_different_ids(parts: tuple[str, ...]) -> None:
    assert an_id(*parts) != an_id("a", "bc")


def test_another_secret_gives_another_id() -> None:
    assert mime.message_id(b"another", "a", domain="desk.example") != an_id("a")


ADDRESSES = [
    ("anna@ngo.example", "anna@ngo.example"),
    ("  anna@ngo.example\n", "anna@ngo.example"),
    ("Anna.B+desk@NGO.Example", "Anna.B+desk@ngo.example"),
    ("o'neill@x-y.example", "o'neill@x-y.example"),
    ("anna@bücher.example", "anna@xn--bcher-kva.example"),
    ("anna@xn--bcher-kva.example", "anna@xn--bcher-kva.example"),
    ("用户@例子.example", "用户@xn--fsqu00a.example"),
    ("उपयोगकर्ता@x.example", "उपयोगकर्ता@x.example"),
    ("u\u0308@x.example", "ü@x.example"),
]


@pytest.mark.parametrize(("written", "expected"), ADDRESSES)
def test_one_bare_address_is_read(written: str, expected: str) -> None:
    assert addresses.one_address(written) == expected
    assert addresses.one_address(expected) == expected


BAD_ADDRESSES = [
    *("", " ", "anna", "@x.example", "anna@", "anna@localhost", "anna@x", "anna@x..example", "anna@.example"),
    *("a@x.example, b@x.example", "a@x.example;b@x.example", "a@x.example b@x.example", "a@b@x.example"),
    *("A <a@x.example>", "<a@x.example>", "a@x.example <b@x.example>", '"a b"@x.example', "a(c)@x.example"),
    *(
        "a@x.example\r\nRCPT TO:<b@x.example>",
        "a\n@x.example",
        "a\x00@x.example",
        "a@x.example\x00",
        "a@x\u2028.example",
    ),
    *(".a@x.example", "a.@x.example", "a..b@x.example", "a\u202e@x.example", "a\u00a0b@x.example", "a\ud800@x.example"),
    *("=?utf-8?q?a?=@x.example", "a@[127.0.0.1]", "a@-x.example", "a@x-.example", "a@x_y.example", "a@x.example."),
    *("a@straße.example", "a@x\u200d.example", f"{'a' * 65}@x.example", f"a@{'b' * 64}.example"),
    f"a@{'.'.join(['b' * 50] * 6)}.example",
]


@pytest.mark.parametrize("written", BAD_ADDRESSES)
def test_anything_else_is_not_an_address_and_the_sentence_helps(written: str) -> None:
    with pytest.raises(addresses.BadAddress) as refusal:
        addresses.one_address(written)

    assert isinstance(refusal.value, errors.ParleyError)
    assert re.search("write it|leave out", str(refusal.value))
    assert mime.one_line(str(refusal.value)) == str(refusal.value).replace("=?", "= ?")


@given(some.text())
def test_a_text_is_an_address_that_reads_in_one_way_or_none(text: str) -> None:
    try:
        address = addresses.one_address(text)
    except addresses.BadAddress:
        return
    assert addresses.one_address(address) == address
    assert not re.search(r'[\s<>,;:"()\[\]\\]', address)


URL = "https://desk.example/cases/" + "0123456789" * 8


def test_lines_are_wrapped_and_addresses_of_pages_stand_alone() -> None:
    lines = mime.wrapped(f"{'some words ' * 20}{URL} and {'more words ' * 20}").splitlines()

    assert URL in lines
    assert max(len(line) for line in lines if line != URL) <= 72


def test_wrapping_keeps_paragraphs_indents_and_words() -> None:
    text = f"First.\n\n  - {'a point ' * 15}\n\nLast."
    lines = mime.wrapped(text).splitlines()

    assert (lines[0], lines[1], lines[-2], lines[-1]) == ("First.", "", "", "Last.")
    assert all(line.startswith("  ") for line in lines[2:-2])
    assert " ".join(lines).split() == text.split()


def test_a_full_reminder_stays_within_eight_kilobytes() -> None:
    words = WORDS["ar"] * 20
    draft = replace(PLAIN, subject=WORDS["ar"], text=words, html=f"<html lang='ar' dir='rtl'><p>{words}</p></html>")

    assert len(mime.build(draft)) < 8 * 1024
