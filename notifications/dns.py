"""Asks a name server what a domain says of itself: texts and mail servers, over UDP, and over TCP where that is short.

The machine's own way to look up names knows addresses only.
"""

import secrets
import socket
import struct
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from states import errors

PORT = 53
_SYSTEM = Path("/etc/resolv.conf")
_HEADER = struct.Struct("!6H")
_FIXED = struct.Struct("!HHIH")
_RECURSE, _ANSWER, _CUT_SHORT, _NAME_UNKNOWN = 0x0100, 0x8000, 0x0200, 3
_INTERNET, _EXTENDED, _ROOM = 1, 41, 1232
_POINTER = 0xC0
_MOST_LABELS = 128


class NoAnswer(errors.ParleyError):
    """A name server that could not be asked, or that did not know."""


class Kind(IntEnum):
    """What is asked for."""

    A = 1
    MX = 15
    TXT = 16
    AAAA = 28


@dataclass(frozen=True, slots=True, kw_only=True)
class NameServer:
    """Whom to ask, and how many seconds to wait for each of two tries."""

    host: str
    port: int = PORT
    patience: float = 3.0

    def texts(self, name: str) -> tuple[str, ...]:
        """Returns the texts of a name, none when it has none. Raises `NoAnswer`."""
        return tuple(_text(data) for data, _ in self._ask(name, Kind.TXT))

    def mail_servers(self, name: str) -> tuple[str, ...]:
        """Returns who takes mail for a name, the preferred one first; "." stands for nobody. Raises `NoAnswer`."""
        found = [(struct.unpack_from("!H", data)[0], exchanger) for data, exchanger in self._ask(name, Kind.MX)]
        return tuple(exchanger or "." for _, exchanger in sorted(found))

    def has_address(self, name: str) -> bool:
        """Tells whether a name leads to a machine. Raises `NoAnswer`."""
        return any(self._ask(name, kind) for kind in (Kind.A, Kind.AAAA))

    def _ask(self, name: str, kind: Kind) -> list[tuple[bytes, str]]:
        """Returns the data of each record, and the name that it holds where it holds one."""
        try:
            question = _question(name, kind)
            answer = self._over_udp(question)
            if _HEADER.unpack_from(answer)[1] & _CUT_SHORT:
                answer = self._over_tcp(question)
            return _records(answer, question, kind)
        except (OSError, struct.error, IndexError, ValueError) as failure:
            raise NoAnswer(f"the name server {self.host} gave no answer about {name} ({failure})") from failure

    def _over_udp(self, question: bytes) -> bytes:
        with socket.socket(_family(self.host), socket.SOCK_DGRAM) as line:
            line.settimeout(self.patience)
            # Only what comes from there is heard from here on.
            line.connect((self.host, self.port))
            line.send(question)
            try:
                return _matching(line, question)
            except TimeoutError:
                line.send(question)
                return _matching(line, question)

    def _over_tcp(self, question: bytes) -> bytes:
        with socket.create_connection((self.host, self.port), timeout=self.patience) as line:
            line.sendall(struct.pack("!H", len(question)) + question)
            with line.makefile("rb") as heard:
                (size,) = struct.unpack("!H", heard.read(2))
                return heard.read(size)


def of_the_system(text: str = "") -> NameServer:
    """Returns the name server written as HOST or HOST:PORT, or else the one that this machine asks.

    Raises `NoAnswer` when there is none.
    """
    host, colon, port = text.rpartition(":")
    if colon and port.isdecimal() and ":" not in host:
        return NameServer(host=host, port=int(port))
    if text:
        return NameServer(host=text)
    try:
        lines = _SYSTEM.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        word, *rest = line.split()[:2] or [""]
        if word == "nameserver" and rest:
            return NameServer(host=rest[0])
    raise NoAnswer(f"this machine names no name server in {_SYSTEM}; give one with --dns")


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _question(name: str, kind: Kind) -> bytes:
    labels = [label.encode("ascii") for label in name.rstrip(".").split(".")]
    spelled = b"".join(bytes([len(label)]) + label for label in labels) + b"\0"
    header = _HEADER.pack(secrets.randbits(16), _RECURSE, 1, 0, 0, 1)
    # The last record says how long an answer may be (RFC 6891).
    return header + spelled + struct.pack("!HH", kind, _INTERNET) + b"\0" + _FIXED.pack(_EXTENDED, _ROOM, 0, 0)


def _matching(line: socket.socket, question: bytes) -> bytes:
    """Return the answer to this question; one to another, late or forged, is passed over."""
    while True:
        answer = line.recv(65_535)
        if answer[:2] == question[:2] and len(answer) >= _HEADER.size:
            return answer


def _records(answer: bytes, question: bytes, kind: Kind) -> list[tuple[bytes, str]]:
    identity, flags, questions, count, *_ = _HEADER.unpack_from(answer)
    code = flags & 0xF
    if identity != int.from_bytes(question[:2], "big") or not flags & _ANSWER or code not in {0, _NAME_UNKNOWN}:
        raise OSError(f"its code is {code}")
    at = _HEADER.size
    for _ in range(questions):
        _, at = _name(answer, at)
        at += 4
    found = []
    for _ in range(count):
        _, at = _name(answer, at)
        found_kind, _, _, size = _FIXED.unpack_from(answer, at)
        at += _FIXED.size
        if found_kind == kind:
            held = _name(answer, at + 2)[0] if kind is Kind.MX else ""
            found.append((answer[at : at + size], held))
        at += size
    return found


def _name(answer: bytes, at: int) -> tuple[str, int]:
    """Read a name, which may point back to where it was spelled before; return it and where it ends."""
    labels: list[str] = []
    end = 0
    for _ in range(_MOST_LABELS):
        size = answer[at]
        if size >= _POINTER:
            end = end or at + 2
            at = struct.unpack_from("!H", answer, at)[0] & 0x3FFF
            continue
        at += 1
        if not size:
            return ".".join(labels), end or at
        labels.append(answer[at : at + size].decode("ascii", "replace"))
        at += size
    raise OSError("a name in its answer never ends")


def _text(data: bytes) -> str:
    """Join the pieces that a long text comes in."""
    at, pieces = 0, []
    while at < len(data):
        pieces.append(data[at + 1 : at + 1 + data[at]])
        at += 1 + data[at]
    return b"".join(pieces).decode("utf-8", "replace")
