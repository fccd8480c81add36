"""`parley mail words`: the office's own words in mails, listed, and out to translators and back in as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli import front, output
from desk.cli.front import By
from desk.cli.output import AsJson
from states import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cases.wordings import Wording
    from config.wording_files import FiledWords
    from notifications.office import Office

app = typer.Typer(no_args_is_help=True, help="Put mails into words of the office's own.")


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List the mails with own words, and in which languages parts of them are missing."""
    from cases import wordings
    from desk import office_words

    at = front.office()
    kept = wordings.in_use(at.record.engine)
    missing = office_words.missing(kept)
    if as_json:
        output.emit({"words": kept, "missing": missing})
        return
    zone = at.settings.timezone
    rows = [
        (
            one.mail,
            one.language,
            one.version,
            ", ".join(sorted(one.parts)),
            output.stamp(one.changed_at, zone),
            one.broken,
        )
        for one in kept
    ]
    columns = ("Mail", "Language", "Version", "Parts", f"Since ({zone})", "Cannot be used")
    output.table(columns, rows, empty="every mail is in Parley's words")
    lacking = ((mail, language, count) for mail, counts in missing.items() for language, count in counts.items())
    if missing:
        output.table(("Mail", "Language", "Parts missing"), lacking, title="Not translated")


@app.command("export")
def export(
    to: Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file.", dir_okay=False)] = None,
    *,
    mail: Annotated[list[str] | None, typer.Option(help="This mail too, though nobody worded it yet.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Only this language; may be given several times.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the own words as YAML: every language of every such mail, with empty texts for what is missing."""
    from cases import wordings
    from config import wording_files
    from config.wording_files import FiledWords
    from desk import office_words
    from notifications import tongues

    engine = front.office().record.engine
    names = dict.fromkeys([*(one.mail for one in wordings.in_use(engine)), *(mail or ())])
    found = []
    for name in names:
        for one in language or tongues.LANGUAGES:
            office_words.find(name, one)
            kept = wordings.newest(engine, name, one)
            texts = {part: kept.texts.get(part, "") for part in wordings.PARTS}
            found.append(FiledWords(mail=name, language=one, version=kept.version, texts=texts))
    text = wording_files.text_of(found)
    if as_json:
        output.emit({"text": text})
        return
    output.write_text(text, to)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A YAML file as export writes it.", dir_okay=False, exists=True)],
    *,
    by: By,
    as_json: AsJson = False,
) -> None:
    """Put the words of a file into use, all of them or none; what says the same as now makes no new version."""
    from cases import wordings
    from config import wording_files
    from desk import office_words

    at = front.office()
    who, now = front.person(at, by), at.clock.now()
    read = wording_files.load_text(file.read_text(encoding="utf-8"), file=str(file), parts=wordings.PARTS)
    drafts = [office_words.drafted(one.mail, one.language, version=one.version, texts=one.texts) for one in read]
    problems = [sentence for one, draft in zip(read, drafts, strict=True) for sentence in _problems(at, one, draft)]
    if problems:
        raise errors.DefinitionError("\n".join(problems))
    kept = [office_words.keep(at.record, draft, by=who.id, now=now) for draft in drafts]
    changed = [new for new, draft in zip(kept, drafts, strict=True) if new.version != draft.version]
    if as_json:
        output.emit({"read": len(kept), "changed": changed})
        return
    output.say(f"{len(kept)} texts were read, {len(changed)} changed; the next mail is written with them")


def _problems(at: Office, one: FiledWords, draft: Wording) -> Iterator[str]:
    from cases import wordings
    from desk import office_words

    try:
        office_words.find(one.mail, one.language)
    except errors.ParleyError as refusal:
        yield f"{one.place}: {one.mail} in {one.language}: {refusal.sentence}"
        return
    if wordings.newest(at.record.engine, one.mail, one.language).version != one.version:
        yield f"{one.place}: somebody has changed this text since the file was written; export it again"
    for part, sentence in office_words.problems_of(draft):
        yield f"{one.place}: {part}, {sentence}"
