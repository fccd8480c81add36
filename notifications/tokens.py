"""Access tokens for a relay that signs in by XOAUTH2: asked for anew with each connection, since they live shortly."""

import asyncio
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiosmtplib

TokenSource = Callable[[], Awaitable[str]]


class NoToken(aiosmtplib.SMTPException):
    """There is no access token to sign in with; nothing of the token or the secrets behind it is told."""


def from_file(path: Path) -> TokenSource:
    """Returns a source that reads a file which another program keeps fresh."""

    async def read() -> str:
        try:
            text = await asyncio.to_thread(path.read_text, encoding="ascii")
        except (OSError, UnicodeError) as failure:
            raise NoToken(f"the access token in {path} cannot be read") from failure
        return _token(text, f"the file {path}")

    return read


def from_command(command: tuple[str, ...], *, patience: float) -> TokenSource:
    """Returns a source that runs a program, without a shell, which prints the token within `patience` seconds."""

    async def run() -> str:
        return await asyncio.to_thread(_printed_by, command, patience)

    return run


def _printed_by(command: tuple[str, ...], patience: float) -> str:
    try:
        # What it complains of goes to our own log. The words are the administrator's own, and no shell reads them.
        done = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=patience, check=True
        )
    except subprocess.TimeoutExpired:
        raise NoToken(f"the command {command[0]} was not done with an access token in {patience:g} seconds") from None
    except subprocess.CalledProcessError as failure:
        raise NoToken(
            f"the command {command[0]} for an access token ended with exit code {failure.returncode}"
        ) from None
    except OSError as failure:
        raise NoToken(f"the command {command[0]} for an access token cannot be run") from failure
    return _token(done.stdout.decode(errors="replace"), f"the command {command[0]}")


def _token(text: str, source: str) -> str:
    """Returns a token as it goes over the line; one with spaces or control signs could change what is said there."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise NoToken(f"{source} gives no access token; it must be one word and nothing else")
    return token
