"""Keeps the two doors apart where each has a host name of its own: neither host shows a page of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse

from config.settings import PORTAL

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

COMMON = ("/static/", "/alive")
_NOWHERE = "/-"


class TwoHosts:
    """Answers on the portal's host with the portal alone, and on every other host without it."""

    def __init__(self, app: ASGIApp, *, portal_url: str) -> None:
        """Stand before an application; the portal's address names its host."""
        self._app = app
        self._portal_host = urlsplit(portal_url).netloc.lower()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on to the door of its host; what lies behind the other one is not there."""
        if scope["type"] != "http" or scope["path"].startswith(COMMON):
            await self._app(scope, receive, send)
            return
        path, at_portal = scope["path"], Headers(scope=scope).get("host", "").lower() == self._portal_host
        if at_portal and path == "/":
            await RedirectResponse(f"{PORTAL}/")(scope, receive, send)
            return
        if at_portal != (path == PORTAL or path.startswith(f"{PORTAL}/")):
            nowhere = f"{PORTAL}{_NOWHERE}" if at_portal else _NOWHERE
            scope = {**scope, "path": nowhere, "raw_path": nowhere.encode()}
        await self._app(scope, receive, send)
