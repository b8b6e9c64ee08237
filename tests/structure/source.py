"""What the structure tests look at: the tracked files of the clone, and the product's modules as syntax."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PACKAGE = HOME / "src" / "plumbline"
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the clone, its syntax, its number of lines."""

    path: str
    tree: ast.Module
    lines: int

    @property
    def parts(self) -> tuple[str, ...]:
        """The path below `src/plumbline`, as ("domain", "cases", "actions")."""
        return Path(self.path).with_suffix("").parts[2:]

    @property
    def room(self) -> str:
        """The room the module belongs to, or nothing outside `domain`."""
        return self.parts[1] if self.parts[:1] == ("domain",) and len(self.parts) > 2 else ""

    @property
    def drawer(self) -> str:
        """The drawer of the room: models, actions, migrations and so on."""
        return self.parts[2] if self.room else ""


def read(path: Path) -> Module:
    """Parse one file."""
    text = path.read_text()
    return Module(path.relative_to(HOME).as_posix(), ast.parse(text), text.count("\n"))


@cache
def product() -> tuple[Module, ...]:
    """Return every module of the product."""
    return tuple(read(path) for path in sorted(PACKAGE.rglob("*.py")))


@cache
def written() -> tuple[Module, ...]:
    """Return every module somebody wrote: the product, the launcher, benches, drills and tests; no migrations."""
    folders = ("src", "launch", "bench", "drills", "tests")
    paths = [path for folder in folders for path in sorted((HOME / folder).rglob("*.py"))]
    return tuple(read(path) for path in paths if "migrations" not in path.parts)


def functions(module: Module) -> Iterator[FunctionNode]:
    """Yield every function and method."""
    for node in ast.walk(module.tree):
        if isinstance(node, FunctionNode):
            yield node


def length(node: FunctionNode) -> int:
    """Return the number of lines from `def` to the last."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def imported(module: Module) -> Iterator[tuple[str, int]]:
    """Yield every imported dotted name with its line; `from a import b` gives "a.b"."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@cache
def tracked() -> tuple[Path, ...]:
    """Return the files of the clone git knows or would take; without git the calling test is not run."""
    result = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        pytest.skip("not run: this folder is not a git clone")
    return tuple(path for name in sorted(set(result.stdout.split("\0"))) if name and (path := HOME / name).is_file())


@cache
def texts() -> dict[str, str]:
    """Return the tracked text files with their content."""
    found = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content[:8000]:
            found[path.relative_to(HOME).as_posix()] = content.decode(errors="replace")
    return found
