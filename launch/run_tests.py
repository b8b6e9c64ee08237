"""`./plumbline test [--quick]`: every check in order, and a closing summary a person and a program can read.

Sections: lint, contracts and structure with types beside them, then unit and database, then browser. The summary
lists what failed and what was skipped or not run, with the reason; the very last line is `N passed, N failed,
N skipped`. Lint, types and each contract count as one check each. `--quick` leaves out the browser, what is marked
slow and what copies a whole world.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from launch.environment import HOME
from launch.say import words

# Each worker begins with one half, so that what a file shares is made once; who is done first takes of the rest.
SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")
CHROMIUM_LINE = "apt-get install --yes --no-install-recommends chromium"
LINTED = ["plumbline", "src", "tests", "launch", "bench", "drills"]
_BEGUN = time.monotonic()
TYPED = ["src/plumbline", "tests", "launch", "bench", "drills"]


@dataclass
class Outcome:
    """What came of one section."""

    name: str
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main() -> int:
    """Run the sections; return 0 only if nothing failed."""
    options = _parser().parse_args()
    with ThreadPoolExecutor(1) as beside:  # it has one thread, as `structure` has: the two share the cores
        types = beside.submit(timed, "types", lambda outcome: check(outcome, "mypy", ["mypy", *present(TYPED)]))
        still = [timed(name, run) for name, run in still_sections()]
        still.append(types.result())
    return summary([*still, *(timed(name, run) for name, run in running_sections(is_quick=options.quick))])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./plumbline test")
    parser.add_argument("--quick", action="store_true", help="leave out what needs a browser, a copied world or long")
    return parser


def present(paths: Sequence[str]) -> list[str]:
    """Return those of some paths that are there."""
    return [path for path in paths if (HOME / path).exists()]


def still_sections() -> list[tuple[str, Callable[[Outcome], None]]]:
    """Return the sections that read the tree and run nothing of it, in their order."""
    return [
        ("lint", lambda outcome: lint(outcome, present(LINTED))),
        ("contracts", contracts),
        ("structure", lambda outcome: tests(outcome, ["tests/structure"])),
    ]


def running_sections(*, is_quick: bool) -> list[tuple[str, Callable[[Outcome], None]]]:
    """Return the sections that run the product, in their order; each takes the whole machine."""
    left_out = "not browser and not slow and not world" if is_quick else "not browser"
    every = [path.name for path in sorted((HOME / "tests").iterdir()) if path.is_dir() and path.name != "structure"]
    folders = [f"tests/{name}" for name in every if any((HOME / "tests" / name).rglob("test_*.py"))]
    return [
        ("unit and database", lambda outcome: tests(outcome, [*SIDE_BY_SIDE, "-m", left_out, *folders])),
        ("browser", lambda outcome: browser(outcome, folders, is_quick=is_quick)),
    ]


def timed(name: str, run: Callable[[Outcome], None]) -> Outcome:
    """Run one section under its name."""
    print(f"\n=== {name} ===", flush=True)
    outcome = Outcome(name)
    begun = time.monotonic()
    run(outcome)
    outcome.seconds = time.monotonic() - begun
    return outcome


def check(outcome: Outcome, name: str, module: Sequence[str]) -> None:
    """Run one tool of the environment as one check; what it says comes as one piece, for another may run beside it."""
    command = [sys.executable, "-m", *module]
    result = subprocess.run(command, cwd=HOME, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    print(f"{name}: {result.stdout.strip() or result.returncode}", flush=True)
    if result.returncode == 0:
        outcome.passed += 1
    else:
        outcome.failed.append(f"{name}: exit code {result.returncode}")


def lint(outcome: Outcome, paths: list[str]) -> None:
    """Check style and layout of every Python file."""
    check(outcome, "ruff check", ["ruff", "check", *paths])
    check(outcome, "ruff format", ["ruff", "format", "--check", *paths])


def contracts(outcome: Outcome) -> None:
    """Check the import contracts; each counts."""
    code = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=False, env=environment()
    )
    print(result.stdout, result.stderr, flush=True)
    kept = re.search(r"Contracts: (\d+) kept, (\d+) broken", result.stdout)
    outcome.passed += int(kept.group(1)) if kept else 0
    broken = re.findall(r"^(.+) BROKEN$", result.stdout, re.MULTILINE)
    outcome.failed += [f"contract broken: {name}" for name in broken]
    if result.returncode != 0 and not broken:
        outcome.failed.append("lint-imports: could not be run")


def tests(outcome: Outcome, arguments: list[str]) -> None:
    """Run pytest and read its report; a run that ends without one is itself a failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junit-xml={report}", *arguments]
        code = subprocess.run(command, cwd=HOME, check=False, env=environment()).returncode
        if not report.exists():
            outcome.failed.append(f"pytest {' '.join(arguments)}: exit code {code}")
            return
        read_report(outcome, report)
    if code not in {0, 1, 5}:
        outcome.failed.append(f"pytest: exit code {code}")


def read_report(outcome: Outcome, report: Path) -> None:
    """Count the cases of a JUnit report and keep the name of each failure and the reason of each skip."""
    for case in ElementTree.parse(report).getroot().iter("testcase"):  # noqa: S314  # written by our own pytest
        name = f"{case.get('classname')}::{case.get('name')}"
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(name)
        elif skipped is not None:
            outcome.skipped.append(f"{name}: {skipped.get('message')}")
        else:
            outcome.passed += 1


def browser(outcome: Outcome, folders: list[str], *, is_quick: bool) -> None:
    """Run what needs a browser, installing Debian's chromium where we may."""
    if is_quick:
        outcome.skipped.append("tests marked browser, slow or world (a copied database): not run, left out by --quick")
    elif has_chromium():
        tests(outcome, [*SIDE_BY_SIDE, "-m", "browser", *folders])
    else:
        advice = words(f"由管理员运行：{CHROMIUM_LINE}", f"as root, run: {CHROMIUM_LINE}")
        outcome.skipped.append(f"browser tests: not run, no chromium on this machine; {advice}")


def has_chromium() -> bool:
    """Say whether there is a chromium, after trying to install it as root."""
    if shutil.which("chromium") is None and os.getuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update --quiet", f"{CHROMIUM_LINE} --quiet"):
            subprocess.run(command.split(), check=False, env=quiet, stdout=subprocess.DEVNULL)
    return shutil.which("chromium") is not None


def environment() -> dict[str, str]:
    """Return the environment of the tests: no setting of a running copy reaches them."""
    foreign = ("PLUMBLINE_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    return {**kept, "PYTHONPATH": str(HOME)}


def summary(outcomes: list[Outcome]) -> int:
    """Print the closing summary; its last line is for programs. Return the exit code."""
    print("\n=== summary ===")
    for outcome in outcomes:
        counts = f"{outcome.passed:5} passed {len(outcome.failed):4} failed {len(outcome.skipped):4} skipped or not run"
        print(f"{outcome.name:<18} {counts}   {outcome.seconds:6.1f} s")
    for title, lines in (
        ("failed", [line for outcome in outcomes for line in outcome.failed]),
        ("skipped or not run, and why", [line for outcome in outcomes for line in outcome.skipped]),
    ):
        if lines:
            print(f"\n{title}:")
            print("".join(f"  {line}\n" for line in lines), end="")
    failed = sum(len(outcome.failed) for outcome in outcomes)
    skipped = sum(len(outcome.skipped) for outcome in outcomes)
    print(f"\n{time.monotonic() - _BEGUN:.0f} s")
    print(f"{sum(outcome.passed for outcome in outcomes)} passed, {failed} failed, {skipped} skipped", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
