"""What an office may write into a mail, what is refused and with which words, and what is never written away."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.wordings import Wording
from notifications import mime, own_words, text_findings, wording
from notifications.office_texts import LONGEST, PLACES, ROOM, TESTS, Part
from states.process import MailKind

URL = "https://desk.example/cases/D-2026-0042"
LETTER = wording.Letter(
    desk="Dispute desk",
    url=URL,
    asks=True,
    telephone="+211 912 000 000",
    role="Representative",
    number="D-2026-0042",
    title="The well at <Kilo 7>",
    stage="Sessions",
    act="Make an offer",
    actor="Representative",
    step="Answer to an offer",
    due="Thursday, 3 December 2026, 16:00 Juba time (UTC+2)",
    day="3 Dec",
    means="The offer lapses; it is never taken as accepted.",
)

REFUSED = {
    "an attribute": "{{ due.year }}",
    "the class of something": "{{ due.__class__.__mro__ }}",
    "a class by a filter": "{{ due|attr('__class__') }}",
    "a class by an item": "{{ due['__class__'] }}",
    "a class of a text": "{{ ''.__class__ }}",
    "200 MB": "{{ 'a' * 200000000 }}",
    "a power": "{{ 9**9**9 }}",
    "a call": "{{ due() }}",
    "a filter": "{{ due|upper }}",
    "a block of a filter": "{% filter upper %}a{% endfilter %}",
    "a loop": "{% for a in due %}{{ a }}{% endfor %}",
    "an include": "{% include 'base.txt' %}",
    "an import": "{% import 'parts' as parts %}",
    "a parent": "{% extends 'base.txt' %}",
    "a block": "{% block first %}{% endblock %}",
    "a macro": "{% macro a() %}{% endmacro %}",
    "its caller": "{{ caller() }}",
    "a call of a macro": "{% call due() %}{% endcall %}",
    "a translation": "{% trans %}Hello{% endtrans %}",
    "a variable": "{% set due = 'never' %}",
    "a scope": "{% with due='never' %}{% endwith %}",
    "no escaping": "{% autoescape false %}{{ title }}{% endautoescape %}",
    "raw braces": "{% raw %}{{ title }}{% endraw %}",
    "a test of Jinja": "{% if due is defined %}a{% endif %}",
    "a choice": "{{ due if late else act }}",
    "sums of texts": "{{ due ~ due }}",
    "a list": "{{ [due] }}",
    "more or less": "{% if due > 'a' %}a{% endif %}",
    "a truth": "{% if true %}a{% endif %}",
    "a word": "{{ 'a' }}",
    "an open brace": "Dear {{ due",
    "an open condition": "{% if late %}a",
    "an end of nothing": "a{% endif %}",
    "brackets in brackets": f"{{{{ {'(' * 1900}due{')' * 1900} }}}}",
    "no, no, no": f"{{% if {'not ' * 900}late %}}a{{% endif %}}",
    "one in another": f"{'{% if late %}' * 150}a{'{% endif %}' * 150}",
    "a chain": f"{{% if {'late and ' * 400}late %}}a{{% endif %}}",
}


def own(**texts: str) -> Wording:
    return Wording(mail="offer_made", language="en", version=1, texts=texts)


def written(letter: wording.Letter = LETTER, language: str = "en", **texts: str) -> wording.Words:
    return own_words.render(wording.voice(language), "offer_made", letter, own(**texts))


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_on_the_list_is_refused_with_its_place_and_costs_nothing(text: str) -> None:
    begun = time.process_time()
    [finding, *_] = text_findings.findings(Part.CHANGED, text)
    assert time.process_time() - begun < 1
    assert re.match(r"line 1, column \d+: ", finding)
    with pytest.raises(mime.BadMessage):
        own_words.filled({Part.CHANGED: text}, LETTER)


def test_a_finding_points_at_what_is_wrong_and_says_how_to_mend_it() -> None:
    assert text_findings.findings(Part.CHANGED, "Hello,\nit is due {{ due }} {{ tittle }}.") == (
        f"line 2, column 21: “tittle” is not known here; this part knows: {', '.join((*PLACES, *TESTS))}",
    )
    assert text_findings.findings(Part.CHANGED, "{{ number|e }}")[0].endswith(
        "“{{ number|e }}” cannot stand here; use words, places such as {{ due }}, and {% if late %}…{% endif %}"
    )
    [finding] = text_findings.findings(Part.FIRST, "{{ late }}")
    assert finding.endswith("ask whether it holds, with {% if late %}…{% endif %}")


def test_every_place_and_every_condition_can_be_used_and_no_place_in_a_subject() -> None:
    for name in PLACES:
        assert text_findings.findings(Part.CHANGED, f"{{{{ {name} }}}}{{% if not {name} == 'x' %}}a{{% endif %}}") == ()
        assert text_findings.findings(Part.SUBJECT, f"{{{{ {name} }}}}") != ()
        assert text_findings.findings(Part.SUBJECT, f"{{% if {name} %}}a{{% endif %}}") != ()
    for name in TESTS:
        for part in Part:
            assert text_findings.findings(part, f"{{% if {name} %}}a{{% else %}}b{{% endif %}}") == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{% if late %}late{% elif yours and asks %}yours{% else %}fine{% endif %}", "fine"),
        ("{% if stage == 'Sessions' or late %}in {{ stage }}{% endif %}", "in Sessions"),
        ("{% if not tier %}no tier{% endif %}{# a note #}", "no tier"),
        ("{{ step }}: {{ means }}", "Answer to an offer: The offer lapses; it is never taken as accepted."),
    ],
)
def test_places_and_conditions_are_filled_in(text: str, told: str) -> None:
    assert own_words.filled({Part.CHANGED: text}, LETTER).changed == (told,)


def test_a_text_cannot_grow_beyond_its_room_whatever_stands_in_its_places() -> None:
    assert text_findings.findings(Part.CHANGED, "{{ means }}" * 30)[0].startswith("the text comes to 3600")
    assert text_findings.findings(Part.SUBJECT, "a" * ROOM[Part.SUBJECT]) == ()
    assert text_findings.findings(Part.SUBJECT, "a" * (ROOM[Part.SUBJECT] + 1)) != ()
    assert text_findings.findings(Part.CHANGED, "\u0645" * (ROOM[Part.CHANGED] // 2 + 1)) != ()
    assert text_findings.findings(Part.CHANGED, "{# a #}" * LONGEST) != ()
    longest = "{% if late %}" + "a" * 50 + "{% else %}" + "b" * 50 + "{% endif %}"
    assert text_findings.findings(Part.SUBJECT, longest) == ()


@pytest.mark.parametrize(
    "text",
    ["see https://evil.example", "www.evil.example", "javascript:alert(1)", "mailto:a@b.example"],
)
def test_a_text_holds_no_address_of_a_page(text: str) -> None:
    assert "a mail has one link" in text_findings.findings(Part.CHANGED, f"Hello {text}")[0]


def test_an_address_put_together_out_of_pieces_is_dead() -> None:
    words = written(replace(LETTER, stage="https:", tier="//evil.example"), changed="{{ stage }}{{ tier }}")
    for body in (words.text, words.html):
        assert set(re.findall(r"https?://[^\s<\"]+", body)) == {URL}


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\u200e", "\u2028", "\x00", "\x0b", "\ufeff"])
def test_a_mark_that_nobody_sees_is_refused_where_it_stands(mark: str) -> None:
    [finding] = text_findings.findings(Part.FIRST, f"Hello{mark}you")
    assert finding.startswith("line 1, column 6: a mark that nobody sees")
    assert text_findings.findings(Part.FIRST, "\u0645\u06cc\u200c\u062e") == ()


def test_markup_of_an_office_and_of_a_case_reads_as_text() -> None:
    words = written(first="<b>Answer</b> {{ title }}", changed="<script>alert(1)</script>\n\n</p><img src=x onerror=y>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in words.html
    assert "&lt;b&gt;Answer&lt;/b&gt; The well at &lt;Kilo 7&gt;" in words.html
    assert not re.search(r"<(script|img|b>Answer)", words.html)
    assert "<b>Answer</b> The well at <Kilo 7>" in words.text


def test_a_subject_brings_no_header_along() -> None:
    for text in ("Hello\r\nBcc: x@evil.example", "=?utf-8?q?a=0d=0aBcc:_x@evil.example?="):
        words = written(subject=text)
        content = mime.build(draft(words))
        assert b"\nBcc" not in content
        assert "\n" not in words.subject


def draft(words: wording.Words) -> mime.Draft:
    return mime.Draft(
        from_name="Dispute desk",
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
        date=datetime(2026, 12, 1, tzinfo=UTC),
        kind=MailKind.ACTION,
        list_id="actions.desk.example",
    )


def test_a_finished_subject_is_short_and_ends_with_the_day() -> None:
    subject = written(subject="A" * 30 + " " + "b" * 29).subject
    assert len(subject) <= mime.SUBJECT_LIMIT
    assert subject.endswith(", due 3 Dec")


def test_what_must_be_said_stays_whatever_an_office_writes() -> None:
    ours = wording.voice("en").render("offer_made", LETTER)
    words = written(subject="S", first="First.", changed="One.\n\nTwo.")
    for body in (words.text, words.html):
        told = " ".join(re.sub(r"<[^>]+>", " ", body).split())
        for fact in (
            f"First. Please do it by {LETTER.due}.",
            "Please answer the offer",
            LETTER.means,
            LETTER.step,
            URL,
        ):
            assert fact in told
        for fact in (f"Without internet: call {LETTER.telephone}", "You receive this because", "One.", "Two."):
            assert fact in told
        assert "An offer was made" not in told
    assert "An offer was made" in ours.text
    assert words.html.count("<p>One.</p>") == words.html.count("<p>Two.</p>") == 1


def test_an_empty_part_and_one_that_comes_to_nothing_are_said_in_our_words() -> None:
    voice = wording.voice("fr")
    ours = voice.render("offer_made", LETTER)
    assert own_words.render(voice, "offer_made", LETTER, None) == ours
    assert written(language="fr", first="{% if late %}Trop tard.{% endif %}", changed=" ") == ours


PIECES = ("{% elif late %}", "{% else %}", "{% endif %}", "{{ due", "}}", "{# a #}", "word ", "\n\n", "\u0634", "<b>")
FRAGMENTS = st.sampled_from(
    (
        *PIECES,
        *(f"{{{{ {name} }}}}" for name in PLACES),
        *(f"{{% if {name} %}}" for name in (*TESTS, "due")),
    )
)


@given(st.lists(FRAGMENTS, max_size=12), st.sampled_from(Part))
@settings(max_examples=200)
def test_whatever_is_let_through_can_be_filled_in_and_fits(fragments: list[str], part: Part) -> None:
    text = own_words.tidy("".join(fragments))
    if text_findings.findings(part, text):
        return
    own = own_words.filled({part: text}, LETTER)
    said = own.subject if part is Part.SUBJECT else "\n\n".join([own.first, *own.changed]).strip()
    assert len(said if part is Part.SUBJECT else said.encode()) <= ROOM[part]
    assert "{{" not in said
    assert "{%" not in said


def test_words_that_cannot_be_used_any_more_give_way_to_ours_and_say_why() -> None:
    ours, words = wording.voice("en").render("offer_made", LETTER), written(changed="{{ of_an_older_parley }}")
    assert replace(words, broken="") == ours
    assert "“of_an_older_parley” is not known here" in words.broken


def test_mails_that_guard_a_way_in_keep_our_words() -> None:
    voice = wording.voice("en")
    for mail in own_words.OURS_ALONE:
        words = own_words.render(voice, mail, LETTER, own(subject="S", first="F", changed="C"))
        assert words == voice.render(mail, LETTER)
