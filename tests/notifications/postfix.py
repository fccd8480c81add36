"""A real Postfix with folders of its own: takes mail over STARTTLS, delivers it over LMTP, and sends its own bounces.

It needs root, as every Postfix does, and never touches the one that the machine may run.
"""

from __future__ import annotations

import contextlib
import queue
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP

from tests.notifications.scripted_smtp import make_certificates

PATIENCE = 60.0
_SETTINGS = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
virtual_mailbox_domains = ngo.example, desk.example
virtual_transport = lmtp:inet:127.0.0.1:{mailboxes}
recipient_delimiter = +
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_auth_destination, reject
smtpd_tls_security_level = encrypt
smtpd_tls_chain_files = {chain}
smtputf8_enable = yes
alias_maps =
alias_database =
"""
_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail as it came to a mailbox: its envelope and its parts."""

    sender: str
    recipient: str
    mail: EmailMessage


@dataclass(slots=True)
class Mailboxes:
    """Takes mail over LMTP for whoever is here, and knows nobody else."""

    here: frozenset[str]
    arrived: queue.Queue[Arrival] = field(default_factory=queue.Queue)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's own name and untyped objects
        """Tells whether a mailbox is here, whatever follows a plus sign in its name."""
        local, _, domain = address.partition("@")
        if f"{local.partition('+')[0]}@{domain}" not in self.here:
            return "550 5.1.1 no such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - the same
        """Keeps a mail for each of its recipients."""
        mail = message_from_bytes(envelope.content, policy=policy.default)
        for recipient in envelope.rcpt_tos:
            # aiosmtpd tells the null return path of a bounce by its brackets.
            self.arrived.put(Arrival(envelope.mail_from.strip("<>"), recipient, mail))
        return "250 2.0.0 kept"

    def next(self) -> Arrival:
        """Waits for the next mail."""
        return self.arrived.get(timeout=PATIENCE)


class _OverLmtp(Controller):
    def factory(self) -> LMTP:
        return LMTP(self.handler, hostname="mailboxes.example", enable_SMTPUTF8=True)


@dataclass(frozen=True, slots=True)
class Postfix:
    """Where it takes mail, whom to trust for its certificate, what arrived at its mailboxes, and what it logged."""

    port: int
    ca_file: Path
    mailboxes: Mailboxes
    log: Path


@contextlib.contextmanager
def running(*here: str) -> Iterator[Postfix]:
    """Runs a Postfix that delivers to these mailboxes, in a folder that is deleted in the end."""
    folder = Path(tempfile.mkdtemp(prefix="parley-postfix-"))
    mailboxes = Mailboxes(frozenset(here))
    taker = _OverLmtp(mailboxes, hostname="127.0.0.1", port=_free_port())
    taker.start()
    try:
        # Its daemons give up root before they look into the folder.
        folder.chmod(0o755)
        certificates, port = make_certificates(folder), _free_port()
        values = {"folder": folder, "mailboxes": taker.port, "chain": certificates.chain, "port": port}
        (folder / "main.cf").write_text(_SETTINGS.format(**values), encoding="utf-8")
        (folder / "master.cf").write_text(_SERVICES.format(**values), encoding="utf-8")
        for name in ("queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        _postfix(folder, "start")
        try:
            yield Postfix(port, certificates.ca_file, mailboxes, folder / "log")
        finally:
            _postfix(folder, "stop")
    finally:
        taker.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _postfix(folder: Path, command: str) -> None:
    done = subprocess.run(["postfix", "-c", str(folder), command], capture_output=True, text=True, check=False)
    log = folder / "log"
    assert done.returncode == 0, done.stderr + (log.read_text(encoding="utf-8") if log.exists() else "")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
