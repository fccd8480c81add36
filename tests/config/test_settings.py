"""The settings of an installation: what stands without any, what the environment changes, and the secret."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from config import settings
from config.settings import Security, Settings
from states import errors


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PARLEY_{name.upper()}", raising=False)


def test_without_any_setting_everything_stays_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    plain = Settings()
    assert plain.database == f"sqlite:///{tmp_path / '.parley' / 'parley.db'}"
    assert (plain.desk_host, plain.desk_port, plain.mailbox_port, plain.prefect_port) == ("127.0.0.1", 8470, 8025, 4270)
    assert plain.base_url == "http://127.0.0.1:8470"
    assert plain.smtp_host == ""


def test_the_environment_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DATABASE_URL", "postgresql+psycopg://somewhere/parley")
    monkeypatch.setenv("PARLEY_SMTP_SECURITY", "tls")
    monkeypatch.setenv("PARLEY_PROCESS_FOLDERS", '["/etc/parley"]')
    monkeypatch.setenv("PARLEY_MAIL_FROM_ADDRESS", "desk@example.org")
    monkeypatch.setenv("PARLEY_PUBLIC_URL", "https://parley.example.org/")
    set_up = Settings()
    assert set_up.database == "postgresql+psycopg://somewhere/parley"
    assert set_up.smtp_security is Security.TLS
    assert set_up.process_folders == (Path("/etc/parley"),)
    assert set_up.message_domain == "example.org"
    assert set_up.base_url == "https://parley.example.org"


def test_settings_do_not_change_after_they_were_read() -> None:
    with pytest.raises(ValidationError):
        Settings().desk_port = 1


def test_a_port_that_does_not_exist_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_DESK_PORT", "99999")
    with pytest.raises(errors.DefinitionError, match=r"PARLEY_DESK_PORT: .* 65535; set another value"):
        settings.read()


def test_a_list_that_is_no_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_PROCESS_FOLDERS", "/etc/parley")
    with pytest.raises(errors.DefinitionError, match=r"process_folders.* write a list as JSON"):
        settings.read()


def test_the_settings_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TIMEZONE", "Africa/Juba")
    assert settings.read().timezone == "Africa/Juba"


def test_the_password_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_SMTP_PASSWORD", "open sesame")
    read = Settings()
    assert "sesame" not in repr(read)
    assert read.smtp_password.get_secret_value() == "open sesame"


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    here = Settings(data_folder=tmp_path / "data")
    first = settings.secret(here)
    assert len(first) == 32
    assert settings.secret(here) == first
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret"]


def test_two_installations_have_two_secrets(tmp_path: Path) -> None:
    one, other = (settings.secret(Settings(data_folder=tmp_path / name)) for name in ("one", "other"))
    assert one != other


def test_many_at_once_agree_on_one_secret(tmp_path: Path) -> None:
    here = Settings(data_folder=tmp_path)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: settings.secret(here), range(32)))) == 1
