"""A small OpenID provider on this machine, which signs in whoever comes as the person it was told of."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "parley", "client secret"


@dataclass
class Provider:
    """What the provider answers: who comes, and what is changed in what it vouches for."""

    now: datetime
    subject: str = "subject-7"
    changed: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, parameters={"kid": "one"}))
    signs_with: RSAKey | None = None
    address: str = ""
    asked: dict[str, dict[str, str]] = field(default_factory=dict)

    def visit(self, door: str) -> dict[str, str]:
        """Sign in at the provider, as a browser that was sent there; return what it brings back."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(door).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return {"code": code, "state": asked["state"], "iss": self.address}

    def token(self, form: dict[str, str]) -> dict[str, str] | None:
        """Give what a code is good for, once, to whoever holds what its challenge was made of."""
        asked = self.asked.pop(form["code"], None)
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != made or asked["redirect_uri"] != form["redirect_uri"]:
            return None
        at = int(self.now.timestamp())
        claims = {
            "iss": self.address,
            "sub": self.subject,
            "aud": CLIENT,
            "iat": at,
            "exp": at + 300,
            "auth_time": at,
            "nonce": asked["nonce"],
            "email": "claire@office.example",
        }
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims | self.changed, self.signs_with or self.key)
        return {"id_token": signed, "access_token": "x", "token_type": "Bearer"}

    def metadata(self) -> dict[str, Any]:
        """Tell where everything is."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.address, **{name: f"{self.address}/{path}" for name, path in places.items()}}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [provider.key.as_dict(private=False)]}
            found = {"/.well-known/openid-configuration": provider.metadata(), "/keys": keys}.get(self.path)
            self._answer(found)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            known = base64.b64encode(urlencode({"": CLIENT})[1:].encode() + b":" + SECRET.encode()).decode()
            allowed = self.headers.get("authorization") == f"Basic {known}"
            self._answer(provider.token({name: one[0] for name, one in parse_qs(body).items()}) if allowed else None)

        def _answer(self, told: object) -> None:
            content = json.dumps(told or {"error": "invalid_request"}).encode()
            self.send_response(200 if told else 400)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


@contextmanager
def providing(now: datetime) -> Iterator[Provider]:
    """Run a provider as long as the block runs."""
    provider = Provider(now)
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider)) as server:
        provider.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
