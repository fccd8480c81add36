"""Reading what comes back, over a corpus of servers, machines and people: nothing here touches the record."""

from __future__ import annotations

import pytest

from notifications import answers, automatic, dsn, incoming, return_paths
from notifications.return_paths import Way
from tests.notifications.corpus_of_answers import LOOPS, MACHINES, PERSON, QUOTED
from tests.notifications.corpus_of_bounces import RECIPIENT, SAMPLES, Sample, report

OWN = frozenset({"desk@desk.example"})
HOME = "in.desk.example"


def is_automatic(content: str, *, null_path: bool = False) -> bool:
    return automatic.is_automatic(incoming.parse(content.encode()), null_path=null_path, own=OWN, own_domain=HOME)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.server)
def test_what_servers_write_is_understood(sample: Sample) -> None:
    mail = incoming.parse(sample.content.encode())
    found = dsn.read(mail, recipient=RECIPIENT) or dsn.read_odd(mail, null_path=True)
    assert found is not None
    assert (found.trouble, found.code, found.ended) == (sample.trouble, sample.code, sample.ended)
    assert len(found.said) <= 300


def test_of_several_recipients_the_one_we_wrote_to_counts() -> None:
    both = report("5.1.1", about="other@elsewhere.example").replace(
        "\n--=_b\nContent-Type: text/rfc822",
        f"\nFinal-Recipient: rfc822; {RECIPIENT}\nAction: delayed\nStatus: 4.4.1\n\n--=_b\nContent-Type: text/rfc822",
    )
    found = dsn.read(incoming.parse(both.encode()), recipient=RECIPIENT)
    assert found is not None
    assert (found.code, found.ended) == ("4.4.1", False)


def test_a_person_who_quotes_a_bounce_writes_no_bounce() -> None:
    mail = incoming.parse(f"From: {PERSON}\nSubject: Re: x\n\nI got: 550 5.1.1 user unknown. What now?\n".encode())
    assert dsn.read(mail, recipient=RECIPIENT) is None
    assert dsn.read_odd(mail, null_path=False) is None


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_what_machines_answer_is_known_for_it(headers: str) -> None:
    assert is_automatic(f"From: {PERSON}\n{headers}\n\nI am away until Monday.\n")


@pytest.mark.parametrize(("path", "sender"), LOOPS.values(), ids=LOOPS)
def test_nothing_that_could_make_a_loop_is_taken_for_a_person(path: str, sender: str) -> None:
    assert is_automatic(f"From: {sender}\nSubject: Re: x\n\nYes.\n", null_path=path == "<>")


@pytest.mark.parametrize(
    "headers",
    [
        "Subject: Re: [Dispute desk] An answer is due",
        "Auto-Submitted: no\nSubject: Yes",
        "Subject: Ausencia de acuerdo",
        "X: y",
    ],
)
def test_people_are_taken_for_people(headers: str) -> None:
    assert not is_automatic(f"From: Bilal <{PERSON}>\n{headers}\n\nYes.\n")


@pytest.mark.parametrize("text", QUOTED.values(), ids=QUOTED)
def test_only_the_own_words_of_an_answer_are_shown_first(text: str) -> None:
    assert answers.trimmed(text) == "I agree to Friday."


def test_an_answer_that_is_all_quotation_is_kept_whole() -> None:
    mail = incoming.parse(f"From: {PERSON}\n\n> Do you agree?\n> Yes.\n".encode())
    assert answers.read(mail).words == "> Do you agree?\n> Yes."


def test_a_page_becomes_text_and_what_it_attaches_is_named_and_not_shown() -> None:
    page = (
        "<head><style>p{}</style><title>t</title></head><body><p>I agree <b>to</b> Friday.</p><script>alert(1)</script>"
        "<img src=https://spy.example/x><div class='gmail_quote'><div>On Tue</div>An answer</div>&lt;b&gt;</body>"
    )
    mail = incoming.parse(
        (
            f"From: {PERSON}\nSubject: Re: =?utf-8?q?=E2=80=AEevil?=\nContent-Type: multipart/mixed; boundary=b\n\n"
            f"--b\nContent-Type: text/html; charset=nobody-knows\n\n{page}\n"
            '--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename="../../p\u202e.pdf"\n'
            "Content-Transfer-Encoding: base64\n\nJVBERg==\n--b--\n"
        ).encode()
    )
    answer = answers.read(mail)
    assert answer.words == "I agree to Friday.\n<b>"
    assert answer.subject == "Re: evil"
    (file,) = answer.attached
    assert (file.name, file.media_type, file.size) == ("_.._p.pdf", "application/pdf", 4)
    assert answers.attached_bytes(mail, file.place) == b"%PDF"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: \xe9\r\nSubject: =?x?b?!!?=\r\n\r\n\x80",
        b"Content-Type: multipart/mixed\n\n--\n",
        b":\n\n",
    ],
)
def test_nothing_is_so_broken_that_reading_it_fails(content: bytes) -> None:
    mail = incoming.parse(content)
    answers.read(mail)
    assert dsn.read(mail, recipient=RECIPIENT) is None
    assert dsn.read_odd(mail, null_path=True) is None
    assert incoming.sender(mail) == ""


def test_the_addresses_of_a_message_are_of_no_use_for_another_way_or_message() -> None:
    made = [return_paths.address(way, identity, secret=b"s", domain=HOME) for way in Way for identity in ("a@x", "b@x")]
    assert len({one.partition("+")[2] for one in made}) == len(made)
    assert return_paths.found_in(f"To: <{made[0].upper()}>, {made[2]}", domain=HOME) == (made[0], made[2])
    assert not return_paths.found_in(made[0], domain="elsewhere.example")
    assert not return_paths.found_in(f"bounce+{'a' * 21}@{HOME} x{made[0]}", domain=HOME)
