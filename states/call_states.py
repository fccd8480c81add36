"""How a call to a part goes: somebody is asked, or stands in for a time, or nobody was found."""

from __future__ import annotations

from states.items import Called
from states.lifecycle import Lifecycle

ASKED, WHILE_AWAY, WHILE_ASKED, NOBODY, ENDED = "asked", "while away", "while asked", "nobody", "ended"
LIFE = Lifecycle(
    Called,
    initial=ASKED,
    moves=(
        ("end", (WHILE_AWAY, WHILE_ASKED), ENDED),
        ("name", (WHILE_AWAY, WHILE_ASKED, NOBODY), ENDED),
        ("leave unnamed", (NOBODY,), "unnamed"),
    ),
)
ACTING = LIFE.sources("end")
LEFT = (*ACTING, NOBODY)
