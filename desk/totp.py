"""One-time passwords of six figures that a telephone reckons from a shared secret and the time of day (RFC 6238)."""

from __future__ import annotations

import hmac
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyotp
import segno
from markupsafe import Markup

from cases import factors, sealing
from config import settings as config_settings
from states import errors
from states.said import say

if TYPE_CHECKING:
    from datetime import datetime

    from cases.people import Person
    from desk.visits import Desk

_SECONDS, _FIGURES = 30, 6
_OFF_BY = (0, -1, 1)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A secret to put into a telephone: as a picture to look at, and in fours to type."""

    picture: Markup
    typed: str


def propose(desk: Desk, person: Person) -> None:
    """Make a secret for somebody, who has yet to show that their telephone has it."""
    secret = pyotp.random_base32().encode()
    sealed = sealing.seal(_key(desk), secret, purpose=_purpose(person.id))
    factors.propose_totp(desk.record.engine, person.id, sealed)


def proposal(desk: Desk, person: Person) -> Proposal | None:
    """Show the secret that was proposed to somebody."""
    _, proposed = factors.totp_secrets(desk.record.engine, person.id)
    if proposed is None:
        return None
    secret = _unsealed(desk, person.id, proposed)
    address = pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=desk.settings.mail_from_name)
    picture = segno.make(address, error="m", micro=False)
    # The picture is drawn by us, of figures alone; on white, because cameras want it so.
    drawn = Markup(picture.svg_inline(scale=5, light="#fff", svgclass=None, lineclass=None))  # noqa: S704
    return Proposal(drawn, " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)))


def accept(desk: Desk, person: Person, typed: str) -> bool:
    """Take a proposed secret into use if what was typed is its value now."""
    engine, now = desk.record.engine, desk.clock.now()
    _, proposed = factors.totp_secrets(engine, person.id)
    step = None if proposed is None else _step(_unsealed(desk, person.id, proposed), typed, now)
    if proposed is None or step is None:
        return False
    return factors.accept_totp(engine, person.id, proposed, step=step, now=now)


def proves(desk: Desk, person_id: str, typed: str) -> bool:
    """Tell whether what was typed is the value of somebody's telephone now, or half a minute ago, and was not used."""
    secret, _ = factors.totp_secrets(desk.record.engine, person_id)
    if secret is None:
        return False
    step = _step(_unsealed(desk, person_id, secret), typed, desk.clock.now())
    return step is not None and factors.use_totp(desk.record.engine, person_id, step)


def _step(secret: str, typed: str, now: datetime) -> int | None:
    """Find which half minute a value belongs to, of those near enough to allow for clocks that are off."""
    value, current = _figures(typed), int(now.timestamp()) // _SECONDS
    steps = [current + off for off in _OFF_BY]
    fitting = [one for one in steps if hmac.compare_digest(pyotp.TOTP(secret).generate_otp(one), value)]
    return fitting[0] if fitting else None


def _figures(typed: str) -> str:
    """Return the figures that were typed, in any script, with or without a space."""
    figures = "".join(str(unicodedata.digit(sign, "?")) for sign in typed if not sign.isspace())
    return figures if len(figures) == _FIGURES and figures.isdecimal() else ""


def _unsealed(desk: Desk, person_id: str, sealed: bytes) -> str:
    secret = sealing.unseal(_key(desk), sealed, purpose=_purpose(person_id))
    if secret is None:
        told = say(
            "the secret of this telephone cannot be read, because that of the installation is another one by now"
        )
        raise errors.BrokenRecord(told)
    return secret.decode()


def _key(desk: Desk) -> str:
    return config_settings.secret(desk.settings).hex()


def _purpose(person_id: str) -> str:
    return f"totp {person_id}"
