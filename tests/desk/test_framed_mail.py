"""Mails in a frame: their styles move into one sheet, and nothing else about them changes."""

from __future__ import annotations

from desk.framed_mail import with_sheet


def test_styles_move_from_the_tags_into_one_sheet() -> None:
    head = "<!doctype html>\n<html><head><title>Hi</title>"
    html = f'{head}</head><body style="margin:0"><p style="margin:0">A</p></body></html>'
    page, sheet = with_sheet(html)
    assert sheet == '[data-style="1"]{margin:0}'
    assert page == (f'{head}<style>{sheet}</style></head><body data-style="1"><p data-style="1">A</p></body></html>')


def test_words_links_and_signs_stay_as_they_came() -> None:
    html = (
        '<p dir="auto">Fish &amp; chips &#8211; <a href="https://x.example/?a=1&amp;b=2">there</a><br><!-- so --></p>'
    )
    assert with_sheet(html) == (f"<style></style>{html}", "")


def test_attributes_beside_a_style_stay_escaped() -> None:
    page, _ = with_sheet('<a href="/?a=1&amp;b=&quot;" style="color:red">x</a>')
    assert '<a href="/?a=1&amp;b=&quot;" data-style="1">x</a>' in page


def test_a_sheet_of_the_mails_own_joins_the_others() -> None:
    page, sheet = with_sheet('<head><style>p{color:red}</style></head><b style="color:blue">x</b>')
    assert sheet == 'p{color:red}\n[data-style="1"]{color:blue}'
    assert page.count("<style>") == 1


def test_a_style_cannot_end_the_sheet_it_stands_in() -> None:
    page, sheet = with_sheet('<p style="color:red&lt;/style>&lt;b>x">A</p>')
    assert sheet == ""
    assert "<b>" not in page
