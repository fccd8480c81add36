"""What each kind of problem means and how it is mended, for the pages that their addresses lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from desk import problems
from states import errors
from states.said import Said, say

MENDS: Mapping[type[errors.ParleyError], Said] = {
    errors.ParleyError: say("Read the detail, which says what stands in the way."),
    problems.SignInNeeded: say("Show a token that is good, or sign in. A token ends on its day, and when it is ended."),
    problems.ForeignForm: say("The request came from another page than this desk's. Programs show a token instead."),
    problems.BeyondScope: say("Make a token that is good for it; each operation lists the scope it needs."),
    problems.WrongMethod: say("The header Allow lists what the address takes."),
    problems.WrongKind: say("Send JSON, and say so in the header Content-Type."),
    problems.TooLarge: say("Send less at a time; files are uploaded by themselves and then named in an act."),
    problems.TooOften: say("The header Retry-After says in how many seconds to go on."),
    problems.ChangedSince: say("Read it anew, and decide anew with the ETag you then get."),
    problems.NoPdf: say("Take the page instead, or tell the people who run the desk."),
    errors.Refused: say("The list “missing” names everything that stands in the way, and who can bring it about."),
    errors.UnknownTrigger: say("The list of acts of the case names those there are."),
    errors.NotYours: say("The detail says whose act it is."),
    errors.NotFromHere: say("Read the case again: the list of its acts says what is open now."),
    errors.NotFound: say("It is not there, or not yours to see: the two read alike on purpose."),
    errors.Conflict: say("Nothing was changed. Read it anew, and decide anew."),
    errors.KeyReused: say("Give each new request a key of its own; only a request sent again keeps its key."),
    errors.UnderWay: say("The first sending is still being worked on: ask again with the same key in a moment."),
    errors.DefinitionError: say("The detail names the line that cannot be used."),
    errors.OutsideCalendar: say(
        "The working calendar does not say what days those are; extend it, or choose other days."
    ),
    errors.Unavailable: say("Nothing was kept. Send the same request again, with the same key."),
    errors.BrokenFile: say("Tell the people who run the desk, who can put the file back from the last backup."),
    errors.BrokenRecord: say("Tell the people who run the desk: the record must be looked at before it is used."),
}
UNFORESEEN = say("Nothing was changed. Tell the people who run the desk.")


def kinds() -> Mapping[str, type[errors.ParleyError]]:
    """Give every kind of problem by its name."""
    return {problems.name_of(kind): kind for kind in _below(errors.ParleyError)}


def mend(kind: type[errors.ParleyError]) -> Said:
    """Say how a problem is mended: by its own kind, else by the nearest one above it."""
    return next(MENDS[one] for one in kind.__mro__ if one in MENDS)


def _below(kind: type[errors.ParleyError]) -> Iterator[type[errors.ParleyError]]:
    yield kind
    for one in kind.__subclasses__():
        yield from _below(one)
