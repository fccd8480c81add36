"""No mail of ours looks like spam to a real SpamAssassin: every mail in English, and the main ones in each language."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from notifications.samples import names
from tests.notifications import golden, spam_filter
from tests.notifications.spam_filter import SpamFilter

pytestmark = pytest.mark.spam

LIMIT = 2
MAIN = ("decision_recorded", "digest", "duty_reminder", "offer_made", "session_planned", "sign_in_link")
# What the filter's makers wrote for such tests: whoever does not see it sees nothing.
GTUBE = b"XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"


@pytest.fixture(scope="module")
def spam() -> Iterator[SpamFilter]:
    """Yields a filter that runs as long as the tests of this file."""
    with spam_filter.running() as found:
        yield found


def test_a_filter_that_sees_spam_is_asked(spam: SpamFilter) -> None:
    assert spam.judge(golden.content("offer_made", "en").replace(b"An offer was made", GTUBE)).score > LIMIT


def test_no_mail_looks_like_spam(spam: SpamFilter) -> None:
    others = [(mail, language) for mail in MAIN for language in golden.LANGUAGES if language != "en"]
    asked = [*((mail, "en") for mail in names()), *others]
    contents = [golden.content(*one) for one in asked]
    with ThreadPoolExecutor(2) as pool:
        verdicts = dict(zip(asked, pool.map(spam.judge, contents), strict=True))
    assert not {one: verdict for one, verdict in verdicts.items() if verdict.score >= LIMIT}
