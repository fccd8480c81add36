"""The office's own words in mails, at the desk: written, checked in every language, used from the next mail on."""

from __future__ import annotations

import re

from cases import wordings
from notifications import tongues
from tests.desk.house import Front, form_to

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
