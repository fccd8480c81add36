"""Tells every page in its reader's language: whatever a template prints passes through here.

A template says `_("…")` or `{% trans %}`, the rules give sentences that remember their patterns (`states.said`), and
both are told in the language of the `words` that the page was made with. Words that people wrote stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, pass_context
from markupsafe import Markup

from desk import words
from desk.words import Words
from notifications import tongues
from states import said

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2.runtime import Context

    from notifications.tongues import Tongue

_TAG = re.compile(r"<[^>]*>")
_ARABIC = re.compile("[\u0590-\u08ff]")
_MARK = "\N{RIGHT-TO-LEFT MARK}"


@pass_context
def told(context: Context, value: Any) -> Any:  # noqa: ANN401 - a template prints anything
    """Tell what a template is about to print, where it is a sentence of Parley's own."""
    return _told(_tongue(context), value) if isinstance(value, str) else value


@pass_context
def gettext(context: Context, pattern: str, **values: object) -> str:
    """Tell a sentence of a template."""
    return _filled(context, _tongue(context).catalogue.gettext(pattern), values)


@pass_context
def ngettext(context: Context, singular: str, plural: str, n: int, **values: object) -> str:
    """Tell a sentence of a template about a number of things."""
    counted = {"num": _tongue(context).spell(n), **values}
    return _filled(context, _tongue(context).catalogue.ngettext(singular, plural, n), counted)


@pass_context
def listed(context: Context, several: Iterable[str]) -> str:
    """Join words into one list as the reader's language does: “a, b and c”."""
    tongue = _tongue(context)
    return words.listed([tongue.tell(one) for one in several], language=tongue.language)


@pass_context
def sentence(context: Context, text: str) -> str:
    """Tell a sentence and begin it with a capital letter."""
    return words.sentence(_told(_tongue(context), text))


@pass_context
def whole_sentence(context: Context, text: str) -> str:
    """Tell a sentence, begin it with a capital letter and end it with a full stop."""
    return words.whole_sentence(_told(_tongue(context), text))


@pass_context
def together(context: Context, several: Iterable[str]) -> str:
    """Tell several sentences as one: “this is so; that is so”."""
    return _told(_tongue(context), said.together(several))


def install(environment: Environment) -> None:
    """Give an environment its languages."""
    environment.newstyle_gettext = True  # type: ignore[attr-defined]  # the i18n extension adds it
    environment.globals |= {"_": gettext, "gettext": gettext, "ngettext": ngettext}
    environment.filters |= {
        "listed": listed,
        "sentence": sentence,
        "together": together,
        "whole_sentence": whole_sentence,
        "word": said.word,
    }


def _tongue(context: Context) -> Tongue:
    reader = context.get("words")
    return reader.tongue if isinstance(reader, Words) else tongues.tongue(tongues.SOURCE)


def _filled(context: Context, pattern: str, values: dict[str, object]) -> str:
    tongue = _tongue(context)
    told = {name: tongue.tell(one) if isinstance(one, str) else tongue.spell(one) for name, one in values.items()}
    filled = (Markup(pattern) if context.eval_ctx.autoescape else pattern) % told  # noqa: S704 - patterns are ours
    return _facing(tongue, filled)


def _told(tongue: Tongue, text: str) -> str:
    return _facing(tongue, tongue.tell(text)) if isinstance(text, said.Said) else text


def _facing(tongue: Tongue, sentence: str) -> str:
    """Let a sentence from right to left run so, even where it begins with a name that does not."""
    if tongue.locale.character_order != "right-to-left" or words.runs(_TAG.sub("", sentence)) == "rtl":
        return sentence
    return _MARK + sentence if _ARABIC.search(sentence) else sentence
