"""Access tokens for a relay that signs in by XOAUTH2: asked for anew with each connection, since they live shortly."""

import asyncio
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
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE
            )
        except OSError as failure:
            raise NoToken(f"the command {command[0]} for an access token cannot be run") from failure
        return await _printed_by(process, command[0], patience)

    return run


async def _printed_by(process: asyncio.subprocess.Process, name: str, patience: float) -> str:
    try:
        async with asyncio.timeout(patience):
            printed, _ = await process.communicate()
    except TimeoutError as failure:
        raise NoToken(f"the command {name} for an access token was not done within {patience:g} seconds") from failure
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise NoToken(f"the command {name} for an access token ended with exit code {process.returncode}")
    return _token(printed.decode(errors="replace"), f"the command {name}")


def _token(text: str, source: str) -> str:
    """Returns a token as it goes over the line; one with spaces or control signs could change what is said there."""
    token = text.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise NoToken(f"{source} gives no access token; it must be one word and nothing else")
    return token
