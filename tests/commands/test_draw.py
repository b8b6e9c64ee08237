"""`plumbline draw`: a right draw is told, a wrong one refused, and a nonce opens its seal; without Django."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from plumbline.evidence.draw import record
from plumbline.evidence.draw.ceremony import opens
from plumbline.faces.commands import main as commands
from tests.evidence.test_draw import MANIFEST, NONCES, SEALED


@pytest.fixture
def draw_file(tmp_path: Path) -> Path:
    path = tmp_path / "draw.json"
    path.write_bytes(record.write(record.resolved(MANIFEST, SEALED, nonces=NONCES)))
    return path


def test_a_right_draw_is_told_without_django(draw_file: Path) -> None:
    code = (
        "import sys; sys.modules['django'] = None\n"
        f"from plumbline.faces.commands.main import main; sys.exit(main(['draw', 'check', {str(draw_file)!r}]))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (ended.returncode, MANIFEST.sha256.hex() in ended.stdout) == (0, True), ended.stderr


def test_a_wrong_draw_is_refused(draw_file: Path) -> None:
    draw_file.write_bytes(draw_file.read_bytes().replace(b"I-1", b"I-0"))
    assert commands.main(["draw", "check", str(draw_file)]) == 1


def test_a_file_that_is_not_there_can_be_mended(tmp_path: Path) -> None:
    assert [commands.main(each) for each in (["draw", "check", str(tmp_path / "none")], ["draw"])] == [2, 2]


def test_a_nonce_opens_its_seal(capsys: pytest.CaptureFixture[str]) -> None:
    assert commands.main(["draw", "nonce", "applicant"]) == 0
    sealed, nonce = re.findall("[0-9a-f]{64}", capsys.readouterr().out)
    assert opens("applicant", nonce, sealed=sealed)
