"""One real PostgreSQL for each worker of a run of tests, thrown away afterwards, with a migrated template to copy.

One each, because the log waits for whatever older transaction a server still has open, and a test of another worker
may keep one open for long. The template is made as the owner role and the tests run as the application role, so that
row-level security and revoked rights are those of the product. Folders of tests that need no database start none.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from plumbline.config.data_folder import DataFolder
from plumbline.config.postgres import Place, Postgres, connection, make_database, nobody
from plumbline.config.postgres_roles import APP, OWNER

WITHOUT_DATABASE = ("science", "rulebook", "evidence", "structure", "launch", "drills")
DATABASE_FIXTURES = frozenset({"db", "transactional_db", "django_db_reset_sequences", "live_server"})
WORLDS = frozenset({"world", "certified", "furnished", "known", "loaded"})
"""Fixtures that bring a copied database of their own, once it has been made."""
TEMPLATE = "plumbline_template"
HERE = Path(__file__).resolve().parent
SOCKET = "PLUMBLINE_TEST_SOCKET"
MEMORY = Path("/dev/shm")  # noqa: S108  # mkdtemp makes a folder of our own in it
ROOM_BYTES = 2_000_000_000
pytest_plugins = ["tests.browser", "tests.smtp", "tests.world"]
# How long an example takes says something of the machine, nothing of the product.
hypothesis.settings.register_profile("plumbline", deadline=None, print_blob=True)
hypothesis.settings.load_profile("plumbline")
_cluster: list[Postgres] = []
_committed_to: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Give this process a data folder of its own, and a database where it runs tests that may need one."""
    is_worker = hasattr(config, "workerinput")
    if not is_worker:
        os.environ["PLUMBLINE_TEST_FOLDER"] = tempfile.mkdtemp(prefix="plumbline-test-", dir=_quickest_folder())
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's synchronous interface runs a loop beside us
    folder = Path(os.environ["PLUMBLINE_TEST_FOLDER"])
    if _needs_database(config) and (is_worker or not config.getoption("numprocesses", None)):
        os.environ[SOCKET] = str(_start_cluster(folder))
    _use_test_settings(folder)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the database and throw the folder away, in the process that made them."""
    for postgres in _cluster:
        postgres.stop()
    if hasattr(config, "workerinput"):
        return
    shutil.rmtree(os.environ["PLUMBLINE_TEST_FOLDER"], ignore_errors=True)


def _quickest_folder() -> str | None:
    """Return a folder in memory where the machine has one with room: databases are copied by the hundred."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM_BYTES:
        return str(MEMORY)
    return None


def _needs_database(config: pytest.Config) -> bool:
    if config.option.collectonly:
        return False
    paths = [Path(str(argument).split("::", 1)[0]).resolve() for argument in config.args]
    without = [HERE / name for name in WITHOUT_DATABASE]
    return any(not any(folder in (path, *path.parents) for folder in without) for path in paths)


def _start_cluster(base: Path) -> Path:
    base.chmod(0o755)  # the account without rights enters, where we are root
    account = nobody() if os.getuid() == 0 else None
    own = base / f"database-{_worker()}"
    own.mkdir()
    own.chmod(0o755)
    place = Place(own / "pg", own / "socket", own / "postgres.log", account, durable=False)
    postgres = Postgres(place)
    postgres.start()
    _cluster.append(postgres)
    return place.socket


def _worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "only")


def _use_test_settings(base: Path) -> None:
    """Point the settings, already loaded by pytest-django, at folders of this run; make passwords cheap."""
    folder = DataFolder(base / f"data-{_worker()}")
    folder.prepare()
    os.environ["PLUMBLINE_DATA"] = str(folder.root)
    settings.PLUMBLINE_DATA = str(folder.root)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = False
    settings.STATIC_ROOT = None
    settings.ALLOWED_HOSTS = ["*"]
    settings.PLUMBLINE_LOOKUPS_PER_MINUTE = 0
    settings.DATABASES["default"].update(
        {"NAME": f"test_{_worker()}", "USER": APP, "HOST": os.environ.get(SOCKET, "/nowhere"), "CONN_MAX_AGE": 0}
    )


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the template, and this worker's database from it."""
    if SOCKET not in os.environ:
        pytest.fail("this folder is listed as needing no database in tests/conftest.py")
    with django_db_blocker.unblock():
        _make_template(Path(os.environ[SOCKET]))
        _take_fresh_database()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


def _has_database(socket: Path, name: str) -> bool:
    with connection(socket, database="postgres") as admin:
        return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _make_template(socket: Path) -> None:
    make_database(socket, TEMPLATE)
    default = connections["default"]
    ours = dict(default.settings_dict)
    default.settings_dict.update({"NAME": TEMPLATE, "USER": OWNER})
    call_command("migrate", interactive=False, verbosity=0)
    default.close()
    default.settings_dict.update(ours)


def _take_fresh_database() -> None:
    connections.close_all()
    make_database(Path(os.environ[SOCKET]), f"test_{_worker()}", template=TEMPLATE)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests that copy a whole world; `--quick` leaves them out but for the journey through all of it."""
    if WORLDS & frozenset(getattr(item, "fixturenames", ())):
        item.add_marker("world")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put what is slow first: it waits more than it works, and at the end two workers would wait for one another."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Leave what is loaded out of the collector's rounds, as the web server does."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Make the database anew where an earlier test committed: tables that only grow cannot be emptied.

    Left out for a test that asks for no database, and for one whose world brings its own copy.
    """
    fixtures = frozenset(getattr(item, "fixturenames", ()))
    asks = bool(fixtures & DATABASE_FIXTURES) or item.get_closest_marker("django_db") is not None
    if not _committed_to or not asks:
        return
    if any(_has_database(Path(os.environ[SOCKET]), f"{name}_{_worker()}") for name in fixtures & WORLDS):
        return
    _take_fresh_database()
    _committed_to.clear()


def _note_commit(case: TransactionTestCase) -> None:
    """After a test that committed: the next test that needs the plain database makes it anew."""
    connections.close_all()
    _committed_to.append(str(case))


TransactionTestCase._fixture_teardown = _note_commit  # type: ignore[attr-defined]  # not in the stubs; the one place Django offers
