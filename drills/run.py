"""`./plumbline drill [NAME ...]`: break something on purpose in a copy of its own; did it come back whole?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from importlib import import_module

from launch.environment import HOME


def main(names: list[str]) -> int:
    """Run the named drills, or all; return 1 if one did not end as it should."""
    known = sorted(path.stem for path in (HOME / "drills").glob("*.py") if path.stem not in {"__init__", "run"})
    unknown = sorted(set(names) - set(known))
    if unknown:
        print(f"no drill named {', '.join(unknown)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    return max([rehearse(name) for name in names or known], default=0)


def rehearse(name: str) -> int:
    """Run one drill and say how it ended."""
    print(f"=== {name} ===", flush=True)
    begun = time.monotonic()
    run: Callable[[Callable[[str], None]], list[str]] = import_module(f"drills.{name}").run
    faults = run(lambda sentence: print(f"[{time.monotonic() - begun:6.1f} s] {sentence}", flush=True))
    for fault in faults:
        print(f"FAULT: {fault}")
    print(f"{name}: {'came back whole' if not faults else f'{len(faults)} faults'}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
