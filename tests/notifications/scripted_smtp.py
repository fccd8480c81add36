"""A mail relay on a real socket that answers each step as a test tells it to, also wrongly, late or never."""

import asyncio
import ipaddress
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Cut:
    """Closes the connection instead of answering."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Waits until the test releases it, and only then answers."""

    reply: str = "250 2.0.0 late"
    held: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)


Act = str | Cut | Hold
Script = Mapping[str, Act | Sequence[Act]]

OBEDIENT: Mapping[str, str] = {
    "BANNER": "220 relay.test ready",
    "STARTTLS": "220 2.0.0 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 kept",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}


@dataclass(slots=True)
class Talk:
    """The command lines of one connection, and those of them that came in clear."""

    lines: list[str] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)


class _HungUp(Exception):
    """The connection is over."""


class ScriptedServer:
    """Plays one script per connection, in order, and then obeys; a step may hold one act or one act per message.

    Steps are BANNER, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DOT (the answer to the content), EMPTY (a bare end of
    line), RSET and QUIT.
    """

    def __init__(
        self,
        *scripts: Script,
        tls: ssl.SSLContext | None = None,
        extensions: Sequence[str] = ("SIZE 35882577", "8BITMIME", "SMTPUTF8"),
        offers_starttls: bool = True,
        tls_at_once: bool = False,
    ) -> None:
        """Keeps the scripts; the port is known once the server is entered."""
        self._scripts = list(scripts)
        self.tls = tls
        self._tls_at_once = tls_at_once
        self.extensions = [*extensions, *(["STARTTLS"] if tls and offers_starttls and not tls_at_once else [])]
        self.talks: list[Talk] = []
        self.kept: list[bytes] = []
        self._sessions: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Opens a free port on this machine."""
        context = self.tls if self._tls_at_once else None
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=context)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hangs up every connection, also those that are held."""
        self._server.close()
        for session in self._sessions:
            session.cancel()
        await asyncio.gather(*self._sessions, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def commands(self) -> list[str]:
        """Every command line of every connection, in order."""
        return [line for talk in self.talks for line in talk.lines]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = asyncio.current_task()
        assert session is not None
        self._sessions.add(session)
        script = self._scripts[len(self.talks)] if len(self.talks) < len(self._scripts) else {}
        conversation = _Conversation(self, reader, writer, script)
        self.talks.append(conversation.talk)
        try:
            await conversation.run()
        except (_HungUp, ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
            pass
        finally:
            writer.transport.abort()
            self._sessions.discard(session)


class _Conversation:
    def __init__(
        self,
        server: ScriptedServer,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        script: Script,
    ) -> None:
        self._server = server
        self._reader = reader
        self._writer = writer
        self._acts = {step: list(acts) if isinstance(acts, list | tuple) else [acts] for step, acts in script.items()}
        self.talk = Talk()

    async def run(self) -> None:
        await self._play("BANNER")
        while raw := await self._reader.readline():
            line = raw.decode().strip()
            self.talk.lines.append(line)
            if self._writer.get_extra_info("sslcontext") is None:
                self.talk.in_clear.append(line)
            verb = line.split()[0].upper() if line else "EMPTY"
            await self._answer(verb)
            if verb == "QUIT":
                return

    async def _answer(self, verb: str) -> None:
        reply = await self._play(verb)
        if verb == "DATA" and reply.startswith("354"):
            await self._take_content()
        if verb == "STARTTLS" and reply.startswith("220"):
            assert self._server.tls is not None
            await self._writer.start_tls(self._server.tls)

    async def _take_content(self) -> None:
        act = self._next("DOT")
        content = await self._reader.readuntil(b"\r\n.\r\n")
        if not isinstance(act, str) or act.startswith("2"):
            self._server.kept.append(content[:-3].replace(b"\r\n..", b"\r\n."))
        await self._perform(act)

    async def _play(self, step: str) -> str:
        return await self._perform(self._next(step))

    async def _perform(self, act: object) -> str:
        if isinstance(act, Hold):
            act.held.set()
            await act.released.wait()
            act = act.reply
        if not isinstance(act, str):
            raise _HungUp
        self._writer.write(f"{act}\r\n".encode())
        await self._writer.drain()
        return act

    def _next(self, step: str) -> object:
        acts = self._acts.get(step)
        if acts:
            return acts.pop(0)
        if step == "EHLO":
            lines = ["relay.test", *self._server.extensions]
            return "\r\n".join(f"250{'-' if line is not lines[-1] else ' '}{line}" for line in lines)
        return OBEDIENT.get(step, "500 5.5.1 what?")


@dataclass(frozen=True, slots=True)
class Certificates:
    """A certificate authority of our own: its file, a server context with a certificate that it signed, and its chain.

    `chain` holds the private key before the certificate.
    """

    ca_file: Path
    server: ssl.SSLContext
    chain: Path


def make_certificates(directory: Path, *, name: str = "127.0.0.1") -> Certificates:
    """Makes a new authority and a server certificate for the given name or IP address."""
    ca_key, ca = _certificate("Parley test authority")
    key, certificate = _certificate(name, issuer=(ca_key, ca))
    ca_file, chain = directory / "ca.pem", directory / "server.pem"
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    chain.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(chain)
    return Certificates(ca_file, server, chain)


def _certificate(
    name: str,
    *,
    issuer: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None = None,
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing_key, issuer_name = (issuer[0], issuer[1].subject) if issuer else (key, subject)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if issuer:
        builder = builder.add_extension(x509.SubjectAlternativeName([_general_name(name)]), critical=False)
    return key, builder.sign(signing_key, hashes.SHA256())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
