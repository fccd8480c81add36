"""Workers are killed at random moments, again and again; what they were doing is done exactly once all the same."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime

import pytest

from cases import notifying, outbox, undelivered
from config.clock import Clock
from notifications import mailroom
from notifications.office import Office
from tests.faults import grounds, workers
from tests.faults.grounds import LEASE_IS_OVER, Ground, Outcome
from tests.faults.workers import READY, worker

LONGEST_LIFE = 0.8


def test_what_killed_workers_left_is_done_once_and_no_mail_is_lost(
    ground: Ground, office: Office, chance: random.Random, undisturbed: Outcome
) -> None:
    died = interrupted = 0
    for _ in range(grounds.KILLS):
        with worker(workers.work_off, ground) as one:
            assert one.hear() == READY
            if one.ends_within(chance.uniform(0, LONGEST_LIFE)):
                break
            one.process.kill()
            one.process.join()
            died += 1
            interrupted += bool(grounds.unfinished(office.record.engine))
        ground.clock.advance(LEASE_IS_OVER)
    ground.clock.set(grounds.END)
    with worker(workers.work_off, ground) as last:
        assert last.hear() == READY
        last.hear()
    assert interrupted, "no worker was killed while mails were left to write or send"
    # Whatever five workers in a row died over is kept for a person, who queues it again.
    for kept in notifying.parked(office.record.engine):
        notifying.unpark(office.record.engine, kept)
    grounds.work_off(office)
    grounds.assert_nothing_is_wrong(office, ground, faults=died)
    assert grounds.outcome(office.record.engine) == undisturbed


class Death(BaseException):
    """What no worker survives."""


@dataclass
class DeadlyClock:
    """A clock at one of whose readings the worker dies: the third is when it has begun to plan a mail."""

    clock: Clock
    last: int = 2
    readings: int = 0

    def now(self) -> datetime:
        self.readings += 1
        if self.readings > self.last:
            raise Death
        return self.clock.now()


def test_a_mail_at_which_every_worker_dies_is_kept_for_a_person_and_takes_no_other_with_it(
    ground: Ground, office: Office
) -> None:
    engine = office.record.engine
    queued = undelivered.counts(engine).notifications["queued"]
    for _ in range(outbox.TOO_OFTEN):
        with pytest.raises(Death):
            mailroom.deliver_due(replace(office.mailroom, clock=DeadlyClock(ground.clock)), owner="doomed")
        ground.clock.advance(LEASE_IS_OVER)
        notifying.give_up(engine, now=ground.clock.now())
    assert undelivered.counts(engine).notifications == {"parked": 1, "queued": queued - 1}
