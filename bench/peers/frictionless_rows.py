"""The peer of bench/import_.py: checks the same file against the same columns with frictionless, once for each line.

Runs in an environment of its own: FILE.csv FAULTS. It reads, checks types, what is required and what may not repeat,
and names each fault; it knows no register to compare with, and writes nothing.
"""

from __future__ import annotations

import sys

import frictionless  # type: ignore[import-not-found]  # only in the peer's own environment
from bench.peers.answering import answer, seconds
from frictionless import Checklist, Resource, Schema, system

REQUIRED = {"required": True}
COLUMNS = (
    {"name": "external_id", "type": "string", "constraints": {"required": True, "unique": True}},
    {"name": "name_zh", "type": "string", "constraints": REQUIRED},
    *({"name": name, "type": "string"} for name in ("category", "model", "serial", "maker", "range_text")),
    {"name": "acquired_on", "type": "date"},
    {"name": "place", "type": "string"},
)


def main(arguments: list[str]) -> None:
    """Say what we are, then check once for each line. Raises: RuntimeError if other faults are found than there are."""
    path, faults = arguments[0], int(arguments[1])
    check(path, faults)
    about = f"frictionless {frictionless.__version__}, types, required and unique columns, no register beside the file"
    answer(about, lambda _line: seconds(lambda: check(path, faults)))


def check(path: str, faults: int) -> None:
    """Check the file once and have each fault in words."""
    with system.use_context(trusted=True):  # the file lies at an absolute path
        resource_ = Resource(path=path, schema=Schema.from_descriptor({"fields": list(COLUMNS)}))
        report = resource_.validate(Checklist(), limit_errors=10 * faults)
    found = report.flatten(["rowNumber", "fieldName", "message"])
    if len(found) != faults:
        raise RuntimeError(f"{len(found)} faults are found, there are {faults}: {found[:2]}")


if __name__ == "__main__":
    main(sys.argv[1:])
