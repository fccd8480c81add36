"""Every error Parley raises on purpose, drawn as one tree.

ParleyError                     a sentence a mediator understands
├── DefinitionError             a process definition, calendar or duration cannot be used
│   └── DurationError           a span of time that cannot be read, such as "3 weeks-ish"
├── OutsideCalendar             an instant that the calendar does not cover
├── Refused                     an act the process does not allow now; lists everything missing
│   ├── UnknownTrigger          the process has no such act
│   ├── NotFromHere             the act is not open at the stage where the case stands
│   ├── NotYours                the actor holds none of the roles that may do it
│   ├── NeedsMissing            conditions that do not hold, or inputs that are missing or malformed
│   └── BadAddress              (cases) not exactly one bare e-mail address
├── NotFound                    no such thing, or not for this viewer: the two read alike
├── Conflict                    somebody else was first; nothing was changed
│   ├── KeyReused               one idempotency key, two different contents
│   └── UnderWay                the first request with an idempotency key is still being worked on
├── BadMessage                  (notifications) a mail that must not leave the house as it stands
├── Unavailable                 the record is locked, full or away just now; nothing was kept, and it may be asked again
└── BrokenRecord                the hash chain does not hold
    └── BrokenFile              a kept file was changed, or is gone
"""

from __future__ import annotations


class ParleyError(Exception):
    """A failure told as a lower-case sentence that says what is wrong and how to mend it."""

    @property
    def sentence(self) -> str:
        """The sentence as it was said, so that it can be told in another language than English."""
        return self.args[0] if self.args and isinstance(self.args[0], str) else str(self)


class DefinitionError(ParleyError):
    """A process definition, calendar or setting that cannot be used."""


class DurationError(DefinitionError):
    """A span of time that cannot be read."""


class OutsideCalendar(ParleyError):
    """An instant that the calendar does not cover."""


class Refused(ParleyError):
    """An act the process does not allow now.

    `missing` holds one sentence for each thing that stands in the way.
    """

    def __init__(self, sentence: str, *, missing: tuple[str, ...] = ()) -> None:
        """Keep the sentence and everything that is missing."""
        super().__init__(sentence)
        self.missing = missing or (sentence,)


class UnknownTrigger(Refused):
    """The process has no such act."""


class NotFromHere(Refused):
    """The act is not open at the stage where the case stands."""


class NotYours(Refused):
    """The actor holds none of the roles that may do this act."""


class NeedsMissing(Refused):
    """Conditions that do not hold, or inputs that are missing or malformed."""


class NotFound(ParleyError):
    """No such thing, or not for this viewer: the two read alike on purpose."""


class Conflict(ParleyError):
    """Somebody else was first; nothing was changed."""


class KeyReused(Conflict):
    """One idempotency key was used for two different contents."""


class UnderWay(Conflict):
    """The first request with an idempotency key is still being worked on."""


class Unavailable(ParleyError):
    """The record is locked, full or away just now; nothing was kept, and the same may be asked again."""


class BrokenRecord(ParleyError):
    """The hash chain of a case does not hold."""


class BrokenFile(BrokenRecord):
    """A kept file was changed, or is gone."""
