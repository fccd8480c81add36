"""A name server on this machine that knows what a test tells it, over UDP and TCP."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from notifications.dns import Kind, NameServer

Zone = Mapping[str, Sequence[str]]
"""What each name has, each record as "TXT words", "MX 10 mail.example" or "A 192.0.2.1"."""
_ROOM = 1232


@dataclass(slots=True)
class ScriptedNames:
    """Answers from a zone; `silent` makes it hear everything and say nothing, `code` what it says of every name."""

    zone: Zone = field(default_factory=dict)
    silent: bool = False
    code: int = 0
    asked: list[str] = field(default_factory=list)

    @contextlib.contextmanager
    def running(self) -> Iterator[NameServer]:
        """Opens a port on this machine for both protocols, and yields how to ask there."""
        with socket.socket() as listener, socket.socket(type=socket.SOCK_DGRAM) as letters:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            host, port = listener.getsockname()
            letters.bind((host, port))
            workers = [
                threading.Thread(target=self._hear_letters, args=(letters,)),
                threading.Thread(target=self._hear_calls, args=(listener,)),
            ]
            for worker in workers:
                worker.start()
            try:
                yield NameServer(host=host, port=port, patience=0.05 if self.silent else 5)
            finally:
                with socket.socket(type=socket.SOCK_DGRAM) as last, socket.create_connection((host, port)):
                    last.sendto(b"", (host, port))
                for worker in workers:
                    worker.join()

    def _hear_letters(self, letters: socket.socket) -> None:
        while True:
            question, sender = letters.recvfrom(65_535)
            if not question:
                return
            if not self.silent:
                answer = self._answer(question)
                letters.sendto(answer if len(answer) <= _ROOM else _cut_short(answer), sender)

    def _hear_calls(self, listener: socket.socket) -> None:
        while True:
            line, _ = listener.accept()
            with line, line.makefile("rb") as heard:
                size = heard.read(2)
                if len(size) < 2:
                    return
                answer = self._answer(heard.read(struct.unpack("!H", size)[0]))
                line.sendall(struct.pack("!H", len(answer)) + answer)

    def _answer(self, question: bytes) -> bytes:
        labels, at = [], 12
        while size := question[at]:
            labels.append(question[at + 1 : at + 1 + size].decode())
            at += size + 1
        name, kind = ".".join(labels), Kind(struct.unpack_from("!H", question, at + 1)[0])
        self.asked.append(f"{kind.name} {name}")
        known = [_data(record) for record in self.zone.get(name, ()) if record.startswith(f"{kind.name} ")]
        header = struct.pack("!2s5H", question[:2], 0x8180 | self.code, 1, len(known), 0, 0)
        records = [b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(data)) + data for data in known]
        return header + question[12 : at + 5] + b"".join(records)


def _cut_short(answer: bytes) -> bytes:
    return answer[:2] + struct.pack("!5H", 0x8380, 1, 0, 0, 0) + answer[12:100]


def _data(record: str) -> bytes:
    kind, _, rest = record.partition(" ")
    if kind == "TXT":
        text = rest.encode()
        pieces = [text[begin : begin + 255] for begin in range(0, len(text), 255)]
        return b"".join(bytes([len(piece)]) + piece for piece in pieces)
    if kind == "MX":
        preference, host = rest.split()
        labels = [label.encode() for label in host.split(".") if label]
        return struct.pack("!H", int(preference)) + b"".join(bytes([len(one)]) + one for one in labels) + b"\0"
    return socket.inet_aton(rest)
