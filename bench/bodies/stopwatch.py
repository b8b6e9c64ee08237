"""Where the time goes: named parts timed from outside, so that no line of the product knows of it.

A part that calls another stops while that one runs: the parts add up to the whole, nothing is counted twice.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any  # the timed functions have many shapes

Function = Callable[..., Any]


@contextmanager
def patched(owner: object, name: str, replacement: object) -> Iterator[None]:
    """Have another thing under a name of a module or an object, for the time of the block."""
    kept = getattr(owner, name)
    setattr(owner, name, replacement)
    try:
        yield
    finally:
        setattr(owner, name, kept)


class Stopwatch:
    """Seconds and calls of each part. The part that runs between the named ones is `rest`."""

    def __init__(self, rest: str) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.calls: dict[str, int] = defaultdict(int)
        self._running = [rest]
        self._since = time.perf_counter()

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """Count the block to a part, and not to the one around it."""
        self._turn(name)
        try:
            yield
        finally:
            self._turn(None)

    def timed(self, function: Function, part: str) -> Function:
        """Return the function, counted to a part."""

        def counted(*arguments: Any, **named: Any) -> Any:
            with self.part(part):
                return function(*arguments, **named)

        return counted

    @contextmanager
    def watching(self, places: list[tuple[object, str, str]]) -> Iterator[None]:
        """Time the functions found under (owner, name) as (part), for the time of the block."""
        with ExitStack() as stack:
            for owner, name, part in places:
                stack.enter_context(patched(owner, name, self.timed(getattr(owner, name), part)))
            self._since = time.perf_counter()
            try:
                yield
            finally:
                self._count()

    def queries(self, execute: Function, sql: str, params: object, many: bool, context: object) -> Any:  # noqa: FBT001  # the signature Django asks for
        """Time a query as Django's `execute_wrapper`: written, read, or neither."""
        head = sql.lstrip()[:6].lower()
        if head in ("insert", "update", "delete"):
            part = "database: rows written"
        elif head == "select" and "set_config" not in sql and "current_setting" not in sql:
            part = "database: rows read"
        else:
            part = "database: scope and savepoints"
        with self.part(part):
            return execute(sql, params, many, context)

    def _turn(self, name: str | None) -> None:
        self._count()
        if name is None:
            self._running.pop()
        else:
            self._running.append(name)
            self.calls[name] += 1

    def _count(self) -> None:
        now = time.perf_counter()
        self.seconds[self._running[-1]] += now - self._since
        self._since = now
