"""Reads the settings of this installation from the environment (`PARLEY_…`): the only place that does."""

from __future__ import annotations

import os
import secrets
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from pydantic import Field, IPvAnyNetwork, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from states import errors

PORTAL = "/p"
"""Where the pages of the portal lie, on whichever host."""
_SECRET_BYTES = 32


class Security(StrEnum):
    """How the line to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Rhythm(StrEnum):
    """How the notices come that need not be served on everybody."""

    EACH = "each"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Proof(StrEnum):
    """What asks for a fresh proof of who does it: answers on the ladder, exports, and changes of one's ways in."""

    DECISIONS = "decisions"
    EXPORTS = "exports"
    ACCESS = "access"


class Settings(BaseSettings):
    """Everything an office may set. Without any setting, Parley runs on one machine with its own mailbox."""

    model_config = SettingsConfigDict(env_prefix="PARLEY_", frozen=True, extra="ignore")

    data_folder: Path = Field(
        default=Path(".parley"), description="where the database, the mails and the secret are kept"
    )
    database_url: str = Field(default="", description="an SQLAlchemy address; without one, SQLite in the data folder")
    process_folders: tuple[Path, ...] = Field(
        default=(), description="the office's own process definitions, as a JSON list"
    )
    files_folder: Path | None = Field(
        default=None, description="where the files of documents are kept; without one, beside the database"
    )
    files_largest_mb: int = Field(default=25, ge=1, le=2000, description="how large one file may be, in megabytes")
    files_types: tuple[str, ...] = Field(
        default=(), description="the media types that are kept, as a JSON list; without any, the usual ones"
    )
    timezone: str = Field(default="UTC", description="the office's own time zone")
    telephone: str = Field(default="", description="of the desk; shown in mails as a way without the internet")

    smtp_host: str = Field(default="", description="the mail server; without one, mails go to the local mailbox")
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Security = Security.STARTTLS
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_ca_file: Path | None = Field(default=None, description="certificates to trust instead of the system's")
    smtp_cert_file: Path | None = Field(default=None, description="our own certificate, where the server asks for one")
    smtp_key_file: Path | None = Field(default=None, description="its key, where it is not in the same file")
    smtp_token_file: Path | None = Field(
        default=None, description="an access token to sign in with instead of a password (XOAUTH2)"
    )
    smtp_token_command: tuple[str, ...] = Field(
        default=(), description="a program that prints such a token, as a JSON list of words"
    )
    smtp_connections: int = Field(
        default=2, ge=1, le=20, description="how many lines to the mail server are open at a time"
    )
    smtp_per_domain: int = Field(default=1, ge=1, le=20, description="how many of them carry mail to the same domain")
    smtp_per_minute: int = Field(default=120, ge=1, description="how many mails go out within a minute")
    smtp_per_minute_to_domain: int = Field(default=60, ge=1, description="how many of them to the same domain")
    mail_from_address: str = "desk@parley.example"
    mail_from_name: str = "Parley"
    mail_reply_to: str = ""
    mail_dkim_selector: str = Field(default="", description="the name of the key that the mail server signs with")
    mail_domain: str = Field(default="", description="of message ids; without one, that of the sender's address")
    mail_hours: str = Field(
        default="07:00-20:00", description="when people are written to, on their own clock, unless they chose otherwise"
    )
    mail_on_working_days: bool = Field(default=True, description="whether mails wait for a working day of their reader")
    mail_rhythm: Rhythm = Field(
        default=Rhythm.EACH, description="how notices come that need not be served: each, daily, weekly or never"
    )
    mail_digest_at: str = Field(default="08:00", description="when gathered notices come, on the reader's own clock")
    mail_daily: int = Field(
        default=5, ge=1, description="more reminders and notices to one person in a day are gathered"
    )
    mail_burst: int = Field(
        default=50, ge=1, description="more reminders that come late all at once wait for an administrator"
    )

    inbound_domain: str = Field(
        default="", description="the domain at which bounces and replies come back; without one, none are taken in"
    )
    inbound_maildir: Path | None = Field(
        default=None, description="a Maildir into which the mail server puts what comes back"
    )
    inbound_lmtp_host: str = "127.0.0.1"
    inbound_lmtp_port: int = Field(
        default=0, ge=0, le=65535, description="where mail that comes back is taken in over LMTP; 0 for nowhere"
    )
    inbound_largest_mb: int = Field(
        default=10, ge=1, le=100, description="how large one mail that comes back may be, in megabytes"
    )

    desk_host: str = "127.0.0.1"
    desk_port: int = Field(default=8470, ge=1, le=65535)
    mailbox_port: int = Field(default=8025, ge=1, le=65535)
    prefect_port: int = Field(default=4270, ge=1, le=65535)
    public_url: str = Field(
        default="", description="the desk's address in mails; without one, that of the desk's own port"
    )
    api_per_minute: int = Field(
        default=300, ge=1, description="how many requests the programs of one person may send in a minute"
    )
    webhook_networks: tuple[IPvAnyNetwork, ...] = Field(
        default=(),
        description='networks of one\'s own that webhooks may lead to, as a JSON list such as ["10.1.0.0/16"]',
    )
    portal_url: str = Field(
        default="", description="the portal's own address for people of parties; without one, it is on the desk's host"
    )
    portal_exit_url: str = Field(
        default="https://www.wikipedia.org/",
        description="where a person at risk is taken who leaves the portal at once",
    )

    session_idle_minutes: int = Field(
        default=30, ge=5, le=120, description="a session ends after so long without a page"
    )
    session_longest_hours: int = Field(default=12, ge=1, le=24, description="no session lasts longer")
    second_factor_required: bool = Field(
        default=True, description="whoever has no second factor is led to set one up before anything else"
    )
    fresh_proof_for: tuple[Proof, ...] = Field(
        default=tuple(Proof), description="what asks for a proof anew, as a JSON list: decisions, exports, access"
    )
    fresh_proof_minutes: int = Field(default=10, ge=1, le=60, description="how long a proof counts as fresh")
    kept_form_minutes: int = Field(
        default=120, ge=10, le=120, description="how long the text of somebody who was signed out is kept"
    )
    tries_person: int = Field(
        default=3, ge=1, description="wrong tries on one person from one address until each next one waits"
    )
    tries_origin: int = Field(
        default=20, ge=1, description="wrong tries from one address, on whomever, until they wait"
    )
    tries_everywhere: int = Field(
        default=20, ge=1, description="wrong tries on one person in an hour from which each address has one free try"
    )
    tries_desk: int = Field(default=500, ge=1, description="the same, on all persons together")
    oidc_issuer: str = Field(default="", description="the address of an OpenID provider; without one, there is none")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = Field(default="", description="what people call the provider; without it, its host name")
    oidc_is_second_factor: bool = Field(
        default=False, description="the provider asks for a second factor itself, so the desk does not"
    )

    @cached_property
    def database(self) -> str:
        """The address of the database."""
        return self.database_url or f"sqlite:///{self.data_folder.resolve() / 'parley.db'}"

    @cached_property
    def files(self) -> Path:
        """The folder of the files."""
        return (self.files_folder or self.data_folder / "files").resolve()

    @cached_property
    def message_domain(self) -> str:
        """The domain that message ids end in."""
        return self.mail_domain or self.mail_from_address.rpartition("@")[2]

    @cached_property
    def inbound(self) -> str:
        """The domain at which mail comes back, as mail servers write it."""
        return self.inbound_domain.strip().lower()

    @cached_property
    def inbound_largest_bytes(self) -> int:
        """How many bytes one mail that comes back may have."""
        return self.inbound_largest_mb * 1_000_000

    @cached_property
    def base_url(self) -> str:
        """The address of the desk as people reach it, without a slash at its end."""
        return (self.public_url or f"http://{self.desk_host}:{self.desk_port}").rstrip("/")

    @cached_property
    def portal_base(self) -> str:
        """The address of the portal as people of parties reach it, without a slash at its end."""
        return f"{(self.portal_url or self.base_url).rstrip('/')}{PORTAL}"


def read() -> Settings:
    """Read the settings; raise `DefinitionError` with one line for each variable that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        told = (f"PARLEY_{'_'.join(map(str, wrong['loc'])).upper()}: {wrong['msg']}" for wrong in error.errors())
        raise errors.DefinitionError("\n".join(f"{text}; set another value" for text in told)) from None
    except SettingsError as error:
        raise errors.DefinitionError(f'{error}; write a list as JSON, like ["/etc/parley/processes"]') from None


def secret(settings: Settings) -> bytes:
    """Return the secret that signs links, creating it the first time in a file only its owner may read."""
    path = settings.data_folder / "secret"
    settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(_SECRET_BYTES).encode())
        _place(fresh, path)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _place(fresh: Path, path: Path) -> None:
    """Put a finished file in place, unless another process was first."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
