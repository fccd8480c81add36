"""A server that speaks SMTP or LMTP from a thread of its own, and lets everybody go when it stops."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
import weakref
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiosmtpd import smtp


class Listening(ABC):
    """A door at a port; what is said behind it is up to its kind."""

    def __init__(self, *, host: str, port: int) -> None:
        """Keep where to listen; port 0 takes any free port, which `port` then names after the start."""
        self.host = host
        self.port = port
        self._sessions: weakref.WeakSet[smtp.SMTP] = weakref.WeakSet()

    @abstractmethod
    def session(self, loop: asyncio.AbstractEventLoop) -> smtp.SMTP:
        """Return the server's side of one conversation."""

    def start(self) -> None:
        """Open the door and serve from a thread; raises `OSError` where the port is taken."""
        self._loop = asyncio.new_event_loop()
        try:
            opening = self._loop.create_server(self._welcome, self.host, self.port)
            self._server = self._loop.run_until_complete(opening)
        except OSError:
            self._loop.close()
            raise
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the door, end every conversation and wait for the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _welcome(self) -> smtp.SMTP:
        session = self.session(self._loop)
        self._sessions.add(session)
        return session

    async def _hang_up(self) -> None:
        self._server.close()
        for session in self._sessions:
            if isinstance(session.transport, asyncio.WriteTransport):
                session.transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)
        await self._server.wait_closed()


@contextlib.contextmanager
def stop_signals() -> Iterator[set[signal.Signals]]:
    """Yield the signals to wait for before stopping.

    They are blocked before the serving thread starts, so that none of the two threads dies of them.
    """
    signals = {signal.SIGTERM, signal.SIGINT}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield signals
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
