"""The data folder: identity for life, kept settings, secrets that only their owner reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from plumbline.config.data_folder import DataFolder, data_folder
from plumbline.errors import InputError


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data 数据")


def test_an_installation_keeps_its_identity(folder: DataFolder) -> None:
    folder.prepare()
    first = folder.installation
    folder.prepare()
    assert folder.installation == first
    assert len(first) == 16


def test_two_installations_differ(folder: DataFolder, tmp_path: Path) -> None:
    other = DataFolder(tmp_path / "other")
    folder.prepare()
    other.prepare()
    assert folder.installation != other.installation
    assert folder.secret() != other.secret()


def test_the_secret_and_the_keys_are_for_their_owner_alone(folder: DataFolder) -> None:
    folder.prepare()
    assert stat.S_IMODE(folder.secret_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.keys.stat().st_mode) == 0o700


def test_a_prepared_secret_stays_and_an_unprepared_one_is_never_written(folder: DataFolder) -> None:
    assert folder.secret() != folder.secret()
    assert not folder.root.exists()
    folder.prepare()
    assert folder.secret() == folder.secret()


def test_what_is_kept_is_read_back_with_what_was_there(folder: DataFolder) -> None:
    folder.prepare()
    folder.keep(base_url='https://a.example/"quoted"\\', port=8001)
    folder.keep(mode="demo")
    kept = folder.config()
    assert (kept["base_url"], kept["port"], kept["mode"]) == ('https://a.example/"quoted"\\', 8001, "demo")
    assert kept["installation"] == folder.installation


def test_a_spoilt_settings_file_is_named_in_words(folder: DataFolder) -> None:
    folder.prepare()
    folder.config_file.write_text("port = \n")
    with pytest.raises(InputError, match=r"设置文件 .*config\.toml 无法读取"):
        folder.config()


def test_writing_leaves_no_other_file_behind(folder: DataFolder) -> None:
    folder.prepare()
    folder.keep(port=1)
    assert sorted(path.name for path in folder.root.iterdir()) == ["config.toml", "files", "keys", "log", "run"]


def test_the_folder_named_in_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path / "elsewhere"))
    assert data_folder().root == tmp_path / "elsewhere"
