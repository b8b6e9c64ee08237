"""`plumbline procedure`: what is sound is told, what is not names its place, a diagram holds every state and act."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.faces.commands import procedure
from plumbline.rulebook import procedures


def test_every_definition_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert procedure.run(["check"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert len(told) == len(procedures.all_editions())


def test_what_is_not_sound_names_file_and_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('id = "bad"\nzh = "坏"\n', encoding="utf-8")
    assert procedure.run(["check", str(bad), str(tmp_path / "none.toml")]) == 1
    told = capsys.readouterr().err
    assert ("bad.toml" in told, "none.toml" in told) == (True, True)


@pytest.mark.parametrize("as_mermaid", [False, True])
def test_a_diagram_holds_every_state_and_every_act(capsys: pytest.CaptureFixture[str], *, as_mermaid: bool) -> None:
    found = procedures.load("complaint")
    assert procedure.run(["draw", found.id, *(["--mermaid"] if as_mermaid else [])]) == 0
    drawn = capsys.readouterr().out
    assert [state for state in found.states if state not in drawn] == []
    assert [act.name for act in found.acts.values() if act.zh not in drawn and act.en not in drawn] == []


def test_a_file_still_being_written_is_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    copy = tmp_path / "mine.toml"
    copy.write_bytes((procedures.HERE / "subsidy.toml").read_bytes())
    assert procedure.run(["draw", str(copy)]) == 0
    assert capsys.readouterr().out


def test_files_of_ones_own_folder_are_proved_with_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = (
        (procedures.HERE / "subsidy.toml").read_text(encoding="utf-8").replace('roles = ["city', 'roles = ["no_such', 1)
    )
    (tmp_path / "mine.toml").write_text(bad.replace('id = "subsidy"', 'id = "mine"'), encoding="utf-8")
    monkeypatch.setenv(procedures.FOLDERS, str(tmp_path))
    procedure._sound.cache_clear()
    assert procedure.run(["check"]) == 1
    told = capsys.readouterr()
    assert ("mine.toml" in told.err, "county_market" in told.err, "subsidy" in told.out) == (True, True, True)
    procedure._sound.cache_clear()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('id = "complaint"', 'id = "mine"', ""),
        ('edition = "2"', 'edition = "2"', "edition"),
        ('id = "complaint"', 'id = "mine"\nmoves = { replaces = "0" }', "moves.replaces"),
        ('suspect = "against"', 'suspekt = "against"', "values"),
        ('procedure = "offence_report"', 'procedure = "no_such"', "no_such"),
    ],
)
def test_a_file_is_proved_beside_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], *, before: str, after: str, said: str
) -> None:
    text = (procedures.HERE / "complaint.toml").read_text(encoding="utf-8")
    assert before in text
    mine = tmp_path / "mine.toml"
    named = text if said == "edition" else text.replace('id = "complaint"', 'id = "mine"', 1)
    mine.write_text(
        named.replace(before, after, 1) if before in named else text.replace(before, after, 1), encoding="utf-8"
    )
    assert procedure.run(["check", str(mine)]) == (1 if said else 0)
    assert said in capsys.readouterr().err
