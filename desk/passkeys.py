"""Passkeys: what a browser is asked to sign, and whether what it signed is right (WebAuthn)."""

from __future__ import annotations

import ipaddress
import json
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from cases import factors, passkeys
from cases.passkeys import KeptKey
from states import errors
from states.said import say

if TYPE_CHECKING:
    from config.settings import Settings
    from desk.visits import Desk, Visit

SIGNED = "credential"
# Whatever a browser may send that is no answer to what it was asked.
_WRONG = (WebAuthnException, ValueError, KeyError, TypeError, RecursionError)
_REQUIRED = UserVerificationRequirement.REQUIRED


def possible(settings: Settings) -> bool:
    """Tell whether browsers make passkeys for the desk's address: a name, and https or this machine."""
    address = urlsplit(settings.base_url)
    host = address.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return address.scheme == "https" or host == "localhost"
    return False


def ask_for_new(visit: Visit) -> str:
    """Return what a browser needs to make a passkey for somebody, as JSON."""
    engine, person, settings = visit.desk.record.engine, visit.person, visit.desk.settings
    wanted = AuthenticatorSelectionCriteria(
        resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_REQUIRED, require_resident_key=True
    )
    known = factors.of(engine, person.id).passkeys
    options = webauthn.generate_registration_options(
        rp_id=_host(settings),
        rp_name=settings.mail_from_name,
        user_id=person.id.encode(),
        user_name=person.email,
        user_display_name=person.name,
        authenticator_selection=wanted,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.id)) for one in known],
    )
    return webauthn.options_to_json(options)


def keep_new(visit: Visit, signed: str, *, challenge: str, name: str) -> None:
    """Keep a passkey that a browser made; raise `Refused` for one that does not fit what was asked."""
    settings, now = visit.desk.settings, visit.desk.clock.now()
    try:
        made = webauthn.verify_registration_response(
            credential=signed,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(settings),
            expected_origin=_origin(settings),
            require_user_verification=True,
        )
    except _WRONG:
        raise errors.Refused(say("the passkey does not fit what this page asked for; make it once more")) from None
    key = KeptKey(
        id=bytes_to_base64url(made.credential_id),
        person_id=visit.person.id,
        name=name,
        public_key=bytes_to_base64url(made.credential_public_key),
        sign_count=made.sign_count,
    )
    passkeys.keep(visit.desk.record.engine, key, now=now)


def ask_to_sign(desk: Desk) -> str:
    """Return what a browser needs to sign with any passkey it has for the desk, as JSON."""
    options = webauthn.generate_authentication_options(rp_id=_host(desk.settings), user_verification=_REQUIRED)
    return webauthn.options_to_json(options)


def signer(desk: Desk, signed: str, *, challenge: str) -> str | None:
    """Return the id of the person whose passkey signed a challenge, unlocked by that person; None where it is wrong."""
    engine, now = desk.record.engine, desk.clock.now()
    key = passkeys.find(engine, _id_of(signed))
    if key is None:
        return None
    try:
        right = webauthn.verify_authentication_response(
            credential=signed,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=_host(desk.settings),
            expected_origin=_origin(desk.settings),
            credential_public_key=base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except _WRONG:
        return None
    used = passkeys.use(engine, key, sign_count=right.new_sign_count, now=now)
    return key.person_id if used else None


def challenge_of(options: str) -> str:
    """Return the challenge within what a browser is asked."""
    return str(json.loads(options)["challenge"])


def _id_of(signed: str) -> str:
    try:
        return str(json.loads(signed)["id"])
    except _WRONG:
        return ""


def _host(settings: Settings) -> str:
    return urlsplit(settings.base_url).hostname or ""


def _origin(settings: Settings) -> str:
    address = urlsplit(settings.base_url)
    return f"{address.scheme}://{address.netloc}"
