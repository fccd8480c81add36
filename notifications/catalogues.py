"""Keeps the catalogues in step with the sentences: `python -m notifications.catalogues`, or `make words`.

Each room with a catalogue has a template in its `locale` folder, `<room>.pot`, and one `<room>.po` for each language.
The templates are listed anew from the code, the pages, the mails and the definitions; the catalogues keep what is
translated, get what is new with nothing beside it, and lose what nobody says any more.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale
from babel.messages import extract, frontend, pofile
from babel.messages.catalog import Catalog, Message

from notifications import tongues

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(__file__).resolve().parent.parent
FOLDERS = {"config": ("states", "config", "cases")}
"""The folders whose sentences a catalogue holds, where that is not its own room alone."""

_KEYWORDS = {**extract.DEFAULT_KEYWORDS, "say": None, "count": (1, 2)}


def template(room: str) -> str:
    """List the sentences of a room's catalogue, as they stand in its template."""
    catalogue = Catalog(charset="utf-8")
    for message in _sentences(room):
        catalogue.add(*message)
    return _written(catalogue, omit_header=True)


def template_of(room: str) -> Path:
    """Name the file of a room's template."""
    return HOUSE / room / "locale" / f"{room}.pot"


def catalogue_of(room: str, language: str) -> Path:
    """Name the file of a room's catalogue in a language."""
    return HOUSE / room / "locale" / language / "LC_MESSAGES" / f"{room}.po"


def renew(room: str) -> Iterator[str]:
    """Write the template and the catalogues of a room anew; say of each language how much is translated."""
    template_of(room).parent.mkdir(exist_ok=True)
    template_of(room).write_text(template(room), encoding="utf-8")
    for language in tongues.LANGUAGES:
        if language != tongues.SOURCE:
            yield f"{catalogue_of(room, language).relative_to(HOUSE)}: {updated(room, language)}"


def _sentences(room: str) -> Iterator[tuple[str | tuple[str, ...]]]:
    with (HOUSE / room / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = frontend.parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel says no types here
    for folder in FOLDERS.get(room, (room,)):
        found = extract.extract_from_dir(HOUSE / folder, methods, options, keywords=_KEYWORDS)
        yield from ((message,) for _, _, message, _, _ in found)


def updated(room: str, language: str) -> str:
    """Bring one catalogue in step with its template, and count what it says."""
    path = catalogue_of(room, language)
    kept = _begun(room, language)
    if path.is_file():
        with path.open("rb") as file:
            kept = pofile.read_po(file, locale=language, domain=room)
    with template_of(room).open("rb") as file:
        kept.update(pofile.read_po(file), no_fuzzy_matching=True, update_creation_date=False)
    # Babel would fill what nobody gave it with placeholders.
    kept.project, kept.version, kept.revision_date = "Parley", "", kept.creation_date
    kept.msgid_bugs_address = kept.last_translator = kept.language_team = ""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_written(kept), encoding="utf-8")
    return f"{sum(map(_is_told, kept))} of {len(kept)} sentences"


def _begun(room: str, language: str) -> Catalog:
    """Begin a catalogue, which says of itself that nobody who grew up with the language has read it yet."""
    named = Locale.parse(language).get_display_name("en")
    return Catalog(
        locale=language,
        domain=room,
        project="Parley",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# Parley in {named}.\n# Awaiting a native reader.",
    )


def _is_told(message: Message) -> bool:
    string = message.string if isinstance(message.string, list | tuple) else (message.string,)
    return bool(message.id) and all(string)


def _written(catalogue: Catalog, *, omit_header: bool = False) -> str:
    """Write a catalogue without places and folds, so that two versions differ in nothing but sentences."""
    file = io.BytesIO()
    pofile.write_po(
        file, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True, omit_header=omit_header
    )
    return file.getvalue().decode()


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for room in tongues.ROOMS for line in renew(room))
