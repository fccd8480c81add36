"""Signing in through an OpenID provider: the code flow with PKCE, state and nonce; who somebody is, is (iss, sub)."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from states import errors
from states.said import say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from config.settings import Settings

BACK = "/sign-in/provider/back"
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
_SECONDS = 10.0
_SKEW = 60
_TOKEN_BYTES = 32
_FRESH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """A trip to the provider: where it leads, and what the way back must fit."""

    address: str
    state: str
    nonce: str
    verifier: str


class NotThere(errors.ParleyError):
    """The provider cannot be reached, or what it answers cannot be trusted."""


def name_of(settings: Settings) -> str:
    """Return what people call the provider; empty where there is none."""
    return settings.oidc_name or urlsplit(settings.oidc_issuer).hostname or "" if settings.oidc_issuer else ""


def set_out(settings: Settings, *, fresh: bool = False) -> Trip:
    """Prepare a trip to the provider; `fresh` asks it to have the person prove anew who they are."""
    state, nonce, verifier = (secrets.token_urlsafe(_TOKEN_BYTES) for _ in range(3))
    asked = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": _back(settings),
        "scope": "openid",
        "state": state,
        "nonce": nonce,
        "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if fresh else {}),
    }
    with _client() as client:
        door = _metadata(client, settings)["authorization_endpoint"]
    return Trip(address=f"{door}?{urlencode(asked)}", state=state, nonce=nonce, verifier=verifier)


def come_back(
    settings: Settings, brought: Mapping[str, str], trip: Mapping[str, str], *, now: datetime, fresh: bool = False
) -> str:
    """Return the provider's own name for whoever came back with a code.

    Raises `NotThere` for what does not fit the trip, and whatever else cannot be trusted.
    """
    if not secrets.compare_digest(brought.get("state", "").encode(), trip["state"].encode()):
        raise _mistrusted()
    if brought.get("iss", settings.oidc_issuer) != settings.oidc_issuer or not brought.get("code"):
        raise _mistrusted()
    with _client() as client:
        known = _metadata(client, settings)
        if known.get("authorization_response_iss_parameter_supported") and "iss" not in brought:
            raise _mistrusted()
        token = _id_token(client, settings, str(known["token_endpoint"]), brought["code"], trip["verifier"])
        keys = _fetched(client, str(known["jwks_uri"]))
    claims = _claims(token, keys, settings, nonce=trip["nonce"], now=now)
    if fresh and now.timestamp() - float(claims.get("auth_time", 0)) > _FRESH + _SKEW:
        raise NotThere(say("the provider did not ask you to sign in anew; sign in another way"))
    return str(claims["sub"])


def _claims(token: str, keys: Mapping[str, Any], settings: Settings, *, nonce: str, now: datetime) -> Mapping[str, Any]:
    """Return what the provider vouches for, once its signature and everything it names are right."""
    try:
        read = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=_ALGORITHMS)  # type: ignore[arg-type]  # a set as JSON
        claims = CodeIDToken(
            read.claims,
            read.header,
            {"iss": {"value": settings.oidc_issuer}, "aud": {"value": settings.oidc_client_id}},
            {"nonce": nonce, "client_id": settings.oidc_client_id},
        )
        claims.validate(now=int(now.timestamp()), leeway=_SKEW)
    except (JoseError, ValueError, KeyError, TypeError) as fault:
        raise _mistrusted() from fault
    return dict(read.claims)


def _id_token(client: httpx.Client, settings: Settings, address: str, code: str, verifier: str) -> str:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": _back(settings),
        "code_verifier": verifier,
        "client_id": settings.oidc_client_id,
    }
    secret = settings.oidc_client_secret.get_secret_value()
    proof = httpx.BasicAuth(settings.oidc_client_id, secret) if secret else httpx.Auth()
    try:
        answer = client.post(address, data=form, auth=proof)
        return str(answer.raise_for_status().json()["id_token"])
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as fault:
        raise _away() from fault


def _metadata(client: httpx.Client, settings: Settings) -> Mapping[str, Any]:
    """Read what the provider says of itself; it must be who was asked."""
    known = _fetched(client, f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration")
    if known.get("issuer") != settings.oidc_issuer or _WANTED - set(known):
        raise _mistrusted()
    return known


_WANTED = frozenset({"authorization_endpoint", "token_endpoint", "jwks_uri"})


def _fetched(client: httpx.Client, address: str) -> Mapping[str, Any]:
    try:
        told = client.get(address).raise_for_status().json()
    except (httpx.HTTPError, httpx.InvalidURL, json.JSONDecodeError) as fault:
        raise _away() from fault
    if not isinstance(told, dict):
        raise _mistrusted()
    return told


def _client() -> httpx.Client:
    return httpx.Client(timeout=_SECONDS, follow_redirects=False)


def _back(settings: Settings) -> str:
    return f"{settings.base_url}{BACK}"


def _away() -> NotThere:
    return NotThere(say("the provider cannot be reached just now; sign in another way, or try again in a while"))


def _mistrusted() -> NotThere:
    return NotThere(say("what the provider sent does not fit what was asked; begin once more, or sign in another way"))
