"""`./plumbline bench [NAME ...]`: run the benches and write each one's section of docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from launch.environment import HOME

from bench.report import Report

PAGE = HOME / "docs" / "benchmarks.md"
NOT_BENCHES = {"__init__", "run", "report"}
HEAD = """# Benchmarks

Every section is written by `./plumbline bench NAME` on the machine it names; none is typed by hand.
A ratio is taken pair by pair in one run; peers live in environments of their own. Less is better for times.
"""


def main(names: list[str]) -> int:
    """Run the named benches, or all; one that fails does not keep the others from running. Return 1 if one failed."""
    known = sorted(path.stem for path in (HOME / "bench").glob("*.py") if path.stem not in NOT_BENCHES)
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no bench named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    failed = [name for name in names or known if not is_measured(name)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def is_measured(name: str) -> bool:
    """Run one bench; tell its fault if it has one, and say whether it had none."""
    try:
        measure(name)
    except Exception:  # noqa: BLE001  # told here, named again at the end, and in the exit code
        traceback.print_exc()
        return False
    return True


def measure(name: str) -> None:
    """Run one bench and write its section."""
    report = Report(name)
    print(f"=== {name} ===", flush=True)
    run: Callable[[Report], None] = import_module(f"bench.{name}").run
    run(report)
    section = as_section(report)
    print(section)
    write_section(name, section)


def as_section(report: Report) -> str:
    """Return the section as text: what, where, when, by which command, the figures."""
    lines = [f"## {report.subject}", "", *([report.summary, ""] if report.summary else [])]
    lines += [
        f"{datetime.now(UTC).date()}, {machine()}, revision {revision()}. `./plumbline bench {report.subject}`",
        "",
    ]
    lines += ["| what | figure | note |", "|---|--:|---|"]
    lines += [f"| {name} | {value} | {note} |" for name, value, note in report.rows]
    lines += ["", *report.notes] if report.notes else []
    return "\n".join(lines).rstrip() + "\n"


def machine() -> str:
    """Return what was measured on, without a name."""
    text = Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*:\s*(.+)$", text, re.MULTILINE)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    processor = model.group(1).strip() if model else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), {memory:.0f} GiB, Python {platform.python_version()}"


def revision() -> str:
    """Return the short name of the measured commit, marked when the tree differs from it."""
    asked = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], cwd=HOME, capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "unknown"


def write_section(name: str, section: str) -> None:
    """Put the section in the place of the older one, or at the end."""
    page = PAGE.read_text() if PAGE.exists() else HEAD
    older = re.compile(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    page = older.sub(lambda _found: section + "\n", page) if older.search(page) else f"{page.rstrip()}\n\n{section}"
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page.rstrip() + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
