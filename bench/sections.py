"""The page of measured figures: one section a bench, each with what, where, when and by which command."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from launch.environment import HOME

from bench.report import Report

PAGE = HOME / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

Every section is written by `./plumbline bench NAME` on the machine it names; none is typed by hand.
A ratio is taken pair by pair in one run; peers live in environments of their own. Less is better for times.
"""


def tell(report: Report) -> None:
    """Print the section of a report and write it into the page."""
    section = as_section(report)
    print(section, flush=True)
    write_section(report.subject, section)


def as_section(report: Report) -> str:
    """Return the section as text: what, where, when, by which command, the figures."""
    lines = [f"## {report.subject}", "", *([report.summary, ""] if report.summary else [])]
    asked = f"`./plumbline bench {report.subject.partition(',')[0]}`"
    lines += [f"{datetime.now(UTC).date()}, {machine()}, revision {revision()}. {asked}", ""]
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
