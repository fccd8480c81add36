"""The headers of every answer: what the browser may load, keep and tell others."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from states import draw

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# The two exceptions: the page that frames a kept mail, and the mail itself, which may do nothing but be looked at.
FRAMING_POLICY = f"{CONTENT_POLICY}; frame-src 'self'"
_SHUT_IN = (
    "default-src 'none'; style-src {style}; form-action 'none'; base-uri 'none'; frame-ancestors {where}; sandbox"
)


def framed_mail_policy(style: str) -> str:
    """Write the policy of a mail that is framed to be looked at: it may use one style sheet, this very one."""
    return _SHUT_IN.format(style=style_hash(style), where="'self'")


def style_hash(style: str) -> str:
    """Name the content of a style element, so that a policy can allow it and no other."""
    return f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


# A drawing brings its colours along in a style of its own.
DRAWING_POLICY = _SHUT_IN.format(style=style_hash(draw.STYLE), where="'none'")
# A file of somebody else's is saved; where a browser shows it all the same, it may do nothing.
DOWNLOAD_POLICY = "default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"

_UNUSED = (
    "accelerometer", "autoplay", "camera", "clipboard-read", "display-capture", "encrypted-media",
    "fullscreen", "geolocation", "gyroscope", "hid", "magnetometer", "microphone", "midi", "payment",
    "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip

_PASSKEYS = ("publickey-credentials-create=(self)", "publickey-credentials-get=(self)")

FOR_EVERYTHING = {
    "content-security-policy": CONTENT_POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join((*(f"{feature}=()" for feature in _UNUSED), *_PASSKEYS)),
    "cache-control": "no-store",
}
FOREVER = {"cache-control": "public, max-age=31536000, immutable"}


class SafeHeaders:
    """Gives every answer the headers above where it has none of its own, and answers HEAD as GET without a body."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before another application."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": _completed(message["headers"])}
            elif head:
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if head else scope, receive, answer)


def _completed(own: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    present = {name.lower() for name, _ in own}
    ours = ((name.encode(), value.encode()) for name, value in FOR_EVERYTHING.items())
    return [*own, *((name, value) for name, value in ours if name not in present)]
