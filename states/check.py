"""Refuses bad definitions: every rule of the checker, asked of a whole process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from states import (
    check_agreeing,
    check_clocks,
    check_ladder,
    check_links,
    check_names,
    check_paths,
    check_rungs,
    check_silence,
)
from states.findings import Finding, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from states.process import Process

__all__ = ["Finding", "Vocabulary", "check", "check_again"]

_RULES: tuple[Callable[[Process, Vocabulary], Iterable[Finding]], ...] = (
    check_names.unknown_names,
    check_names.unknown_zones,
    check_names.unknown_causes,
    check_names.leaking_fields,
    check_names.open_secrets,
    check_names.unused_names,
    check_names.unreadable_expressions,
    check_names.repeated_names,
    check_names.reserved_names,
    check_names.reading_administrators,
    check_names.mails_to_nobody,
    check_names.tours_told_to_others,
    check_names.unknown_ways_of_service,
    check_names.endless_evidence,
    check_paths.unreachable_stages,
    check_paths.dead_ends,
    check_paths.stuck_stages,
    check_paths.idle_triggers,
    check_paths.blurred_moves,
    check_paths.twin_triggers,
    check_paths.endings,
    check_clocks.careless_stages,
    check_clocks.careless_deadlines,
    check_rungs.dateless_offsets,
    check_rungs.rungs_before_the_clock,
    check_rungs.silences_out_of_order,
    check_rungs.contacts_of_nobody,
    check_rungs.unknown_zones,
    check_rungs.told_confidences,
    check_clocks.impossible_silences,
    check_clocks.ladder_top,
    check_ladder.untold_climbs,
    check_ladder.unheard_calls,
    check_silence.speechless_mails,
    check_silence.misspoken_mails,
    check_silence.endless_waits,
    check_silence.words_of_the_clock,
    check_silence.ways_past_the_parties,
    check_links.unguarded_links,
    check_links.impossible_answers,
    check_agreeing.unanswered_proposals,
    check_agreeing.undecided_votes,
    check_agreeing.impossible_extensions,
)


def check(process: Process, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """List everything wrong with a definition, by line; an empty list means that it may be used."""
    return tuple(sorted({finding for rule in _RULES for finding in rule(process, vocabulary)}))


def check_again(process: Process, vocabulary: Vocabulary) -> tuple[Finding, ...]:
    """List what a definition names that exists no more; a rule that came after it was put on file does not touch it."""
    return tuple(sorted(set(check_names.unknown_names(process, vocabulary))))
