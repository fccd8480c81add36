"""Sentences that remember what they were made of."""

from __future__ import annotations

from states import said


class French:
    """A language with two sentences."""

    def gettext(self, message: str, /) -> str:
        return {"%(party)s asks for %(what)s": "%(what)s, demandé par %(party)s", "a pause": "une pause"}.get(
            message, message
        )

    def ngettext(self, singular: str, plural: str, n: int, /) -> str:
        return {"%(count)s day": "%(count)s jour", "%(count)s days": "%(count)s jours"}[singular if n < 2 else plural]


def test_a_sentence_reads_as_english_text() -> None:
    assert said.say("%(party)s asks for %(what)s", party="UNMIS", what=said.say("a pause")) == "UNMIS asks for a pause"


def test_a_sentence_and_the_sentences_in_it_are_told_in_another_language() -> None:
    asked = said.say("%(party)s asks for %(what)s", party="UNMIS", what=said.say("a pause"))
    assert said.tell(asked, French()) == "une pause, demandé par UNMIS"


def test_a_number_goes_by_the_plural_of_the_language() -> None:
    none = said.count("%(count)s day", "%(count)s days", count=0)
    assert (none, said.tell(none, French())) == ("0 days", "0 jour")


def test_what_people_wrote_stays_as_it_is() -> None:
    assert said.tell("a pause", French()) == "a pause"


def test_a_per_cent_sign_needs_no_care_where_there_are_no_values() -> None:
    assert said.say("half is 50 %") == "half is 50 %"
