"""The web server of a running platform: `python -m plumbline.config.web PORT`.

The platform is loaded once, beside the database that may still be starting; then granian forks its workers, which
share what is loaded. A worker ends when this process ends. Leaves to `serving` when the door is opened.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from typing import Any  # a WSGI application has no type of its own

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from plumbline.config.data_folder import data_folder
from plumbline.config.locks import wait_at_door
from plumbline.config.processes import end_with_parent
from plumbline.config.serving import HOST, THREADS_A_WORKER, WORKERS

STOP_PATIENCE_S = 3


def main(arguments: list[str]) -> None:
    """Load, wait at the door, serve until told to stop."""
    (port,) = arguments
    load()
    wait_at_door(data_folder())
    application = get_wsgi_application()  # reads the list of the static files: not before they are collected
    serve(application, int(port))


def load() -> None:
    """Load rooms, faces, addresses and what stands before them; nothing of it may ask the database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
    django.setup()
    for name in settings.MIDDLEWARE:
        import_string(name)
    assert get_resolver().url_patterns, "no address is served"  # noqa: S101  # our own mistake; also loads every face


def serve(application: object, port: int) -> None:
    """Have granian fork its workers and keep them alive."""
    assert not any(each.connection for each in connections.all(initialized_only=True)), "workers would share it"  # noqa: S101
    multiprocessing.set_start_method("fork")
    gc.freeze()  # what is loaded stays for good: no worker need look through it, nor copy its pages
    Granian(
        "plumbline",
        address=HOST,
        port=port,
        interface=Interfaces.WSGI,
        workers=WORKERS,
        blocking_threads=THREADS_A_WORKER,
        backpressure=64,
        http=HTTPModes.http1,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_PATIENCE_S,
    ).serve(target_loader=_for_worker(application), wrap_loader=False)


def _for_worker(application: object) -> Callable[[], Any]:
    """Return what a new worker calls first: it ties the worker's life to ours and hands over what is loaded."""
    parent = os.getpid()

    def loaded() -> object:
        end_with_parent(signal.SIGKILL, parent)  # a request cut off rolls back
        return application

    return loaded


if __name__ == "__main__":
    main(sys.argv[1:])
