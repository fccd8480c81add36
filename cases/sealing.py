"""Seals bytes with a secret that only whoever asks knows, so that what is kept of them tells nothing to others."""

from __future__ import annotations

import secrets
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12


def seal(secret: str, content: bytes, *, purpose: str = "") -> bytes:
    """Encrypt and sign content with AES-256-GCM; the secret must be long enough not to be guessed.

    `purpose` says whose the content is and what for: moved to another place, it opens no more.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(_key(secret)).encrypt(nonce, content, purpose.encode())


def unseal(secret: str, sealed: bytes, *, purpose: str = "") -> bytes | None:
    """Return what was sealed with this secret and purpose; None where either was another, or the content is changed."""
    try:
        return AESGCM(_key(secret)).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose.encode())
    except InvalidTag:
        return None


def _key(secret: str) -> bytes:
    return sha256(f"seal {secret}".encode()).digest()
