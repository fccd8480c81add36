"""The office's own words in mails, at the desk: written, checked in every language, used from the next mail on."""

from __future__ import annotations

import re

from cases import wordings
from notifications import tongues
from tests.desk.house import SECRET_OF_A, SECRET_OF_B, TEAM_SECRET, Front, form_to

PAGE = "/mail-texts/offer_made/fr"
WORDS = {
    "subject": "Une offre pour vous",
    "first": "Merci de répondre.",
    "changed": "Échéance: {{ due }}.\n\nBien à vous",
}


def test_words_are_checked_in_every_language_and_used_by_the_next_mail(front: Front) -> None:
    engine = front.house.record.engine
    with front.client("li") as client:
        form = form_to(client.get(PAGE).text, PAGE)
        checked = client.post(PAGE, data={**form, **WORDS})
        assert wordings.in_use(engine) == ()
        assert checked.text.count('class="letter small"') == len(tongues.LANGUAGES)
        assert "Une offre pour vous" in checked.text
        picture = re.search(r'<iframe src="([^"]+)"', checked.text)
        assert picture is not None
        assert "<p>Bien à vous</p>" in client.get(picture[1].replace("&amp;", "&")).text
        assert client.post(PAGE, data={**form, **WORDS, "use": "yes"}).status_code == 303
        listed, shown = client.get("/mail-texts").text, client.get("/mail-texts/offer_made").text
    [kept] = wordings.in_use(engine)
    assert (kept.version, kept.changed_by, dict(kept.texts)) == (1, "li", WORDS)
    assert "15 of your own words" in listed
    assert "Bien à vous" in shown
    assert shown.count("Own words missing") == len(tongues.LANGUAGES) - 1


def test_words_are_tried_on_a_case_of_ones_own_and_show_no_more_of_it_than_one_may_read(front: Front) -> None:
    tried = {**WORDS, "changed": "{{ number }} {{ title }} {{ stage }} {{ act }} {{ actor }} {{ step }} {{ means }}"}
    with front.client("claire") as client:
        form = {**form_to(client.get(PAGE).text, PAGE), **tried, "case": "D-2026-0001"}
        shown = client.post(PAGE, data=form).text
        picture = re.search(r'<iframe src="([^"]+)"', shown)
        assert picture is not None
        framed = client.get(picture[1].replace("&amp;", "&")).text
        assert "Kworijik" in shown
        assert "D-2026-0001 Grazing access at Kworijik wells" in framed
        no_mail = client.post(PAGE.replace("offer_made", "ranking_begins"), data={**form, "changed": ""})
        assert "The process of this case sends no such mail" in no_mail.text
    for text in (shown, framed):
        assert not [secret for secret in (SECRET_OF_A, SECRET_OF_B) if secret in text]
    with front.client("li") as client:
        form = {**form_to(client.get(PAGE).text, PAGE), **tried, "case": "D-2026-0001"}
        refused = client.post(PAGE, data=form)
        assert refused.status_code == 422
        assert not [one for one in ("Kworijik", SECRET_OF_A, SECRET_OF_B, TEAM_SECRET) if one in refused.text]
        assert 'class="letter small"' not in refused.text


def test_what_is_wrong_is_shown_at_its_part_and_nothing_is_kept_over_somebody_elses_words(front: Front) -> None:
    engine = front.house.record.engine
    with front.client("li") as li, front.client("claire") as claire:
        form = {**form_to(li.get(PAGE).text, PAGE), "use": "yes"}
        wrong = li.post(PAGE, data={**form, **WORDS, "subject": "{{ title }}", "changed": "See https://evil.example"})
        assert wrong.status_code == 422
        assert wrong.text.count('class="errmsg"') == 2
        assert "Line 1, column 5: leave out “https://evil.example”" in wrong.text
        assert "Merci de répondre." in wrong.text
        theirs = {**form_to(claire.get(PAGE).text, PAGE), "use": "yes", "subject": "Une offre"}
        assert claire.post(PAGE, data=theirs).status_code == 303
        late = li.post(PAGE, data={**form, **WORDS})
        assert late.status_code == 409
        assert "Somebody else has changed this text meanwhile" in late.text
        assert "Merci de répondre." in late.text
        assert li.post(PAGE, data={**form_to(late.text, PAGE), **WORDS, "use": "yes"}).status_code == 303
        assert li.get(PAGE.replace("offer_made", "sign_in_link")).status_code == 422
        assert li.get(PAGE.replace("/fr", "/xx")).status_code == 404
        back = {**form_to(li.get(PAGE).text, PAGE), **dict.fromkeys(WORDS, ""), "use": "yes"}
        assert li.post(PAGE, data=back).status_code == 303
        assert "Version 3" in li.get(PAGE).text
    assert wordings.in_use(engine) == ()
