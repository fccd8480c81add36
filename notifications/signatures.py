"""Signs what webhooks are told, as Standard Webhooks have it: HMAC-SHA256 over the id, the time and the body.

The secret of a webhook is derived from the office's own, so it is on file nowhere and can be told to its owner again
only by making a new one.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

PREFIX = "whsec_"


def secret(office: bytes, webhook_id: int, rotation: int) -> str:
    """Return the secret of a webhook after so many rotations."""
    derived = hmac.new(office, f"webhook {webhook_id} {rotation}".encode(), sha256).digest()
    return f"{PREFIX}{base64.b64encode(derived).decode()}"


def headers(secrets: Iterable[str], *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers that sign a body, once with each secret."""
    seconds = str(int(at.timestamp()))
    signed = f"{message_id}.{seconds}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{_signature(one, signed)}" for one in secrets),
    }


def _signature(shown: str, signed: bytes) -> str:
    key = base64.b64decode(shown.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
