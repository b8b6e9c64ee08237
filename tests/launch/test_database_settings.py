"""Which database the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.config.data_folder import DataFolder
from plumbline.config.database_settings import database_settings, from_url
from plumbline.errors import InputError


@pytest.fixture(autouse=True)
def no_foreign_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.delenv("PLUMBLINE_DB_ROLE", raising=False)


def test_without_an_address_the_embedded_server_is_used_by_the_application_role(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    named = database_settings(folder)
    assert (named["USER"], named["HOST"]) == ("plumbline_app", str(folder.socket_folder))


def test_the_owner_role_is_used_to_migrate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_DB_ROLE", "owner")
    assert database_settings(DataFolder(tmp_path))["USER"] == "plumbline_owner"


def test_an_unknown_role_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLUMBLINE_DB_ROLE", "root")
    with pytest.raises(InputError, match="root 无效"):
        database_settings(DataFolder(tmp_path))


def test_an_operators_address_is_taken_apart_with_quoted_characters() -> None:
    named = from_url("postgresql://app:p%40ss%2Fword@db.example:5433/quality?sslmode=require")
    assert (named["USER"], named["PASSWORD"], named["HOST"], named["PORT"], named["NAME"]) == (
        "app",
        "p@ss/word",
        "db.example",
        "5433",
        "quality",
    )
    assert named["OPTIONS"] == {"application_name": "plumbline", "sslmode": "require"}


def test_a_socket_is_named_by_the_host_option() -> None:
    assert from_url("postgresql://app@/quality?host=/run/db")["HOST"] == "/run/db"


def test_the_owner_has_an_address_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/quality")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@db/quality")
    assert database_settings(DataFolder(tmp_path))["USER"] == "app"
    assert database_settings(DataFolder(tmp_path), role="owner")["USER"] == "owner"


@pytest.mark.parametrize("url", ["mysql://a@b/c", "sqlite:///x", "nonsense", "postgresql://a@b:port/c"])
def test_an_address_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="数据库地址"):
        from_url(url)
