"""Asks for a fresh proof of who somebody is, before an act that others would like to do in their name."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from cases import factors, identities
from cases.people import Audience
from config.settings import Proof
from desk.problems import ProofNeeded
from states import decidable
from states.said import say

if TYPE_CHECKING:
    from desk.visits import Visit
    from states.process import Trigger


def ask(visit: Visit, what: Proof) -> None:
    """Let somebody go on whose proof is fresh; raise `ProofNeeded` for anybody else who has something to prove it with.

    Whoever came by a link and a code has just proved it, and programs have tokens of their own.
    """
    session, settings = visit.session, visit.desk.settings
    if session is None or session.audience is not Audience.DESK or what not in settings.fresh_proof_for:
        return
    lasts = timedelta(minutes=settings.fresh_proof_minutes)
    if session.proved_at is not None and visit.words.now < session.proved_at + lasts:
        return
    if can_prove(visit):
        raise ProofNeeded(say("this needs a fresh proof of who you are; sign in once more, and nothing is lost"))


def ask_for_answer(visit: Visit, trigger: Trigger) -> None:
    """Ask for a fresh proof where an act answers what somebody was asked to decide."""
    if decidable.decides(trigger):
        ask(visit, Proof.DECISIONS)


def can_prove(visit: Visit) -> bool:
    """Tell whether somebody has anything to prove themselves with but a link in a mail."""
    engine, settings = visit.desk.record.engine, visit.desk.settings
    if factors.of(engine, visit.person.id).any:
        return True
    issuer = settings.oidc_issuer
    return bool(issuer) and identities.linked_at(engine, visit.person.id, issuer=issuer) is not None
