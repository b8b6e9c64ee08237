"""The environment of a clone and those of the peers: kept while they stand, filled by a Python that has pip."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from bench import run

from launch import environment


def note(folder: Path, version: str) -> Path:
    (folder / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    return folder


def test_an_environment_that_stands_is_kept(tmp_path: Path) -> None:
    environment.make(tmp_path)
    (tmp_path / "kept").touch()
    environment.make(tmp_path)
    assert (tmp_path / "kept").exists()


@pytest.mark.parametrize("version", ["2.7.18", "3.1"])
def test_an_environment_of_another_python_is_made_anew(tmp_path: Path, version: str) -> None:
    environment.make(tmp_path)
    (note(tmp_path, version) / "left").touch()
    environment.make(tmp_path)
    assert not (tmp_path / "left").exists()


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    environment.make(tmp_path)
    python = tmp_path / "bin" / "python"
    python.unlink()
    python.symlink_to(tmp_path / "nowhere")
    environment.make(tmp_path)
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0


def test_packages_are_installed_by_a_python_that_has_pip_also_from_an_environment_without() -> None:
    found = environment.python_with_pip()
    assert subprocess.run([found, "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0


def test_a_bench_that_fails_is_named_and_keeps_no_other_from_running(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    measured: list[str] = []
    monkeypatch.setattr(run, "measure", lambda name: measured.append(name) if name != "check" else fail())
    assert run.main(["check", "pdf"]) == 1
    assert measured == ["pdf"]
    assert capsys.readouterr().err.splitlines()[-1] == "failed: check"


def fail() -> None:
    raise RuntimeError("no server answers")
