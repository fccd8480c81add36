"""Where mail is handed in, how the way there is protected, and as whom we sign in."""

import ipaddress
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from states import errors


class Security(StrEnum):
    """How the way to the relay is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay:
    """Where mail is handed in, and how.

    `token` is asked for an access token with each new connection, in place of a password (XOAUTH2). `timeout` is the
    longest wait for one reply, in seconds. `ca_file` names the only certificates to trust, `certificate` and `key` are
    our own. `greeting` is how we call ourselves; by default the name of this host. At most `connections` are open at
    once, and `per_domain` of them carry mail for the same domain.
    """

    host: str
    port: int
    security: Security = Security.STARTTLS
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: Callable[[], Awaitable[str]] | None = field(default=None, repr=False)
    timeout: float = 60.0
    ca_file: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    greeting: str | None = None
    connections: int = 1
    per_domain: int = 1

    def __post_init__(self) -> None:
        """Refuses to speak in clear text to another machine."""
        if self.security is Security.PLAIN and not is_loopback(self.host):
            raise errors.DefinitionError(
                f"mail to {self.host} would travel in clear text; use starttls or tls, plain is only for this machine",
            )


def tls_context(relay: Relay) -> ssl.SSLContext:
    """Returns what the relay's certificate is checked by, and what shows ours.

    Raises:
        DefinitionError: a file of certificates cannot be read.

    """
    try:
        context = ssl.create_default_context(cafile=relay.ca_file)
    except OSError as failure:
        raise errors.DefinitionError(
            f"the certificates in {relay.ca_file} cannot be read; name a file in PEM format",
        ) from failure
    if relay.certificate is not None:
        try:
            context.load_cert_chain(relay.certificate, relay.key)
        except OSError as failure:
            raise errors.DefinitionError(
                f"our own certificate in {relay.certificate} cannot be read with its key; name files in PEM format",
            ) from failure
    return context


def is_loopback(host: str) -> bool:
    """Tells whether a host is this very machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
