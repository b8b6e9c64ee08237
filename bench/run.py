"""`./plumbline bench [NAME ...]`: run the benches and write each one's section of docs/benchmarks.md."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from importlib import import_module

from launch.environment import HOME

from bench.report import Report
from bench.sections import tell

NOT_BENCHES = {"__init__", "run", "report", "sections"}


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
    if report.rows:
        tell(report)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
