"""In which language somebody is spoken to whom nobody knows yet: the one chosen, or the one their browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from babel import negotiate_locale

from notifications import tongues

if TYPE_CHECKING:
    from fastapi import Request

LANGUAGE = "language"
"""Where an address names the language that was chosen."""


def language_of(request: Request) -> str:
    """Return the language chosen in the address, else the first that the browser asks for and Parley speaks."""
    chosen = request.query_params.get(LANGUAGE, "")
    if chosen in tongues.LANGUAGES:
        return chosen
    asked = (part.partition(";")[0].strip() for part in request.headers.get("accept-language", "").split(","))
    return negotiate_locale([*asked], tongues.LANGUAGES, sep="-") or tongues.SOURCE
