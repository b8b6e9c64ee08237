"""What must not stand in a tracked file: addresses of package servers, paths of one machine, unfinished work.

And what must: a hash beside each locked requirement, a drawing that can be read.
"""

from __future__ import annotations

import json
import re

import pytest
from lxml import etree

from tests.structure.source import HOME, texts, tracked

REGISTRY = re.compile(
    r"https?://(?:registry|files|deb|pypi|security|test\.pypi)[.]|https?://[\w.-]*(?:npmjs|pythonhosted)\."
)
INDEX_OPTION = re.compile(r"^\s*(?:-i|--index-url|--extra-index-url|--find-links|-f|--trusted-host)\b", re.MULTILINE)
HOME_FOLDER = re.compile(r"(?<![\w.~/])/(?:root|home/[a-z]\w*|Users/\w+)/")
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b|raise NotImplementedError|assert True\b|except Exception:\s*pass")
LARGEST_BYTES = 1_500_000
HERE = "tests/structure/test_tracked_files.py"


def having(pattern: re.Pattern[str]) -> list[str]:
    return sorted(
        f"{name}: {found.group()}" for name, text in texts().items() if name != HERE and (found := pattern.search(text))
    )


def test_no_tracked_file_names_a_package_server() -> None:
    assert having(REGISTRY) == []


def test_requirement_files_carry_no_index_option_and_no_address() -> None:
    files = {name: text for name, text in texts().items() if name.startswith("requirements")}
    assert [name for name, text in files.items() if INDEX_OPTION.search(text) or "://" in text] == []


def test_every_locked_requirement_carries_a_hash() -> None:
    locked = [name for name in texts() if re.fullmatch(r"requirements[\w-]*\.txt", name)]
    unhashed = [
        f"{name}: {entry.split()[0]}"
        for name in locked
        for entry in re.findall(r"^\w(?:[^\n]*\\\n)*[^\n]*", texts()[name], re.MULTILINE)
        if "--hash=sha256:" not in entry
    ]
    assert locked
    assert unhashed == []


def test_the_npm_lock_names_no_place_to_fetch_from() -> None:
    packages = json.loads((HOME / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []


def test_every_drawing_can_be_read() -> None:
    drawings = [path for path in tracked() if path.suffix == ".svg"]
    assert {etree.parse(path).getroot().tag for path in drawings} == {"{http://www.w3.org/2000/svg}svg"}


def test_no_tracked_file_names_a_folder_of_this_machine() -> None:
    folders = [f"{HOME}/", f"{HOME.parent}/shared"] if len(HOME.parts) > 2 else []
    named = [name for name, text in texts().items() if any(folder in text for folder in folders)]
    assert named == []
    assert having(HOME_FOLDER) == []


def test_nothing_is_left_unfinished() -> None:
    code = [each for each in having(UNFINISHED) if each.split(":")[0].endswith((".py", ".html", ".js", ".css"))]
    assert code == []


def test_no_tracked_file_is_large() -> None:
    assert {path.name: path.stat().st_size for path in tracked() if path.stat().st_size > LARGEST_BYTES} == {}


@pytest.mark.parametrize("name", ["plumbline", ".ci/run"])
def test_what_is_started_by_name_may_be_run(name: str) -> None:
    assert (HOME / name).stat().st_mode & 0o111 == 0o111
