"""The scope of a request or a job: what its transaction may see of the rows under row-level security.

Scope lives in settings local to one transaction, so that neither a pool nor a persistent connection can leak it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from plumbline.domain.rows.types import EVERYTHING, NOTHING, Scope

__all__ = ["EVERYTHING", "NOTHING", "RequestScope", "Scope", "apply", "scoped"]


def apply(scope: Scope) -> None:
    """Set the scope of the running transaction. Raises RuntimeError outside a transaction, where it would not hold."""
    if not connection.in_atomic_block:
        raise RuntimeError("a scope holds for one transaction: open one first")
    _restore(
        [
            ",".join(str(each) for each in scope.organisations),
            ",".join(scope.regions),
            scope.lookup,
            "on" if scope.everything else "off",
        ]
    )


@contextmanager
def scoped(scope: Scope) -> Iterator[None]:
    """Run a block in a transaction under `scope`; inside another scope, that one holds again afterwards."""
    with transaction.atomic():
        before = _settings()
        apply(scope)
        yield
        _restore(before)


def _settings() -> list[str]:
    names = ("organisations", "regions", "lookup", "everything")
    with connection.cursor() as cursor:
        cursor.execute(
            "select " + ", ".join(f"coalesce(current_setting('plumbline.{name}', true), '')" for name in names)
        )
        return list(cursor.fetchone() or ())


def _restore(values: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('plumbline.organisations', %s, true), set_config('plumbline.regions', %s, true),"
            " set_config('plumbline.lookup', %s, true), set_config('plumbline.everything', %s, true)",
            values,
        )


class RequestScope:
    """Middleware above authentication: one transaction a request, seeing nothing until the actor is known.

    Actions have savepoints of their own, so a refused act is undone alone; an answer of 500 undoes all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            apply(NOTHING)
            response = self.get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response
