"""The embedded PostgreSQL: nothing lost by kill -9, nobody else let in, roles that cannot reach past their rights."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from plumbline.config.postgres import Place, Postgres, binaries_of_wheel, connection, nobody
from plumbline.config.postgres_roles import APP, OWNER
from plumbline.errors import StateError

AS_ROOT = os.getuid() == 0


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="plumbline-pg-") as name:
        base = Path(name)
        base.chmod(0o755)
        account = nobody() if AS_ROOT else None
        yield Place(base / "pg", base / "socket", base / "postgres.log", account)


@pytest.fixture
def server(place: Place) -> Iterator[Postgres]:
    postgres = Postgres(place)
    postgres.start()
    yield postgres
    postgres.stop()


def test_a_committed_row_outlives_kill_9(server: Postgres, place: Place) -> None:
    with connection(place.socket, role=OWNER) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS kept (n int); INSERT INTO kept VALUES (42)")
    process = server.process
    assert process is not None
    process.send_signal(signal.SIGKILL)
    process.wait()
    server.start()
    with connection(place.socket, role=APP) as app:
        assert app.execute("SELECT n FROM kept LIMIT 1").fetchone() == (42,)


def test_a_number_file_of_a_dead_server_is_no_hindrance(server: Postgres, place: Place) -> None:
    server.stop()
    (place.cluster / "postmaster.pid").write_text(f"{os.getppid()}\n{place.cluster}\n")
    server.start()
    assert server.is_running()


def test_a_half_made_cluster_is_made_anew(place: Place) -> None:
    half = place.cluster.with_name("half.new")
    half.mkdir()
    (half / "junk").write_text("left by a killed start")
    beside = Place(
        place.cluster.with_name("half"), place.socket.with_name("s2"), place.log_file, place.account, durable=False
    )
    postgres = Postgres(beside)
    postgres.start()
    postgres.stop()
    assert (beside.cluster / "PG_VERSION").exists()


def test_writes_are_on_disk_before_they_are_answered(server: Postgres, place: Place) -> None:
    with connection(place.socket, role=APP) as app:
        shown = [app.execute(f"SHOW {name}".encode()).fetchone() for name in ("fsync", "synchronous_commit")]
    assert server.is_running()
    assert shown == [("on",), ("on",)]


def test_the_server_listens_on_no_network_address(server: Postgres, place: Place) -> None:
    with connection(place.socket, role=APP) as app:
        assert app.execute("SHOW listen_addresses").fetchone() == ("",)
    assert server.is_running()


@pytest.mark.parametrize("role", [APP, OWNER])
def test_neither_working_role_stands_above_row_level_security(server: Postgres, place: Place, role: str) -> None:
    query = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    with connection(place.socket, role=role) as opened:
        assert opened.execute(query).fetchone() == (False, False, False, False)
    assert server.is_running()


def test_the_application_role_makes_no_tables(server: Postgres, place: Place) -> None:
    with connection(place.socket, role=APP) as app, pytest.raises(psycopg.errors.InsufficientPrivilege):
        app.execute("CREATE TABLE mine (n int)")
    assert server.is_running()


def test_a_right_revoked_in_a_migration_stays_revoked(server: Postgres, place: Place) -> None:
    with connection(place.socket, role=OWNER) as owner:
        owner.execute("CREATE TABLE grows_only (n int); REVOKE UPDATE, DELETE ON grows_only FROM plumbline_app")
    server.stop()
    server.start()
    with connection(place.socket, role=APP) as app:
        app.execute("INSERT INTO grows_only VALUES (1)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM grows_only")


@pytest.mark.skipif(not AS_ROOT, reason="not run: another account can only be taken on by root")
def test_another_account_of_the_machine_is_not_let_in(server: Postgres, place: Place) -> None:
    account = nobody()
    tried = subprocess.run(
        [binaries_of_wheel() / "bin" / "psql", "-h", place.socket, "-U", APP, "-d", "plumbline", "-c", "SELECT 1"],
        user=account.uid,
        group=account.gid,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert server.is_running()
    assert tried.returncode != 0
    assert "Peer authentication failed" in tried.stderr


def test_a_socket_folder_that_is_a_link_is_refused(place: Place) -> None:
    link = place.socket.with_name("link")
    link.symlink_to(Path.home())
    beside = Place(place.cluster, link, place.log_file, place.account)
    with pytest.raises(StateError, match="不属于本账户"):
        Postgres(beside).start()


def test_a_socket_path_that_is_too_long_is_told_in_words(place: Place) -> None:
    beside = Place(place.cluster, place.socket.with_name("x" * 120), place.log_file, place.account)
    with pytest.raises(StateError, match="套接字路径过长"):
        Postgres(beside).start()
