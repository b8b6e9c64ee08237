"""Is the database at the schema of this release, and if not: bring it there.

The answer is a fingerprint of every migration file, kept as the comment of the database, so that a restart need not
load Django to learn that there is nothing to do. Migrations run as the owner role; nothing else does.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import cast

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from plumbline.config.data_folder import DataFolder
from plumbline.config.database_settings import database_settings
from plumbline.errors import OutsideError, say

ROOMS_FOLDER = Path(__file__).resolve().parents[1] / "domain"


def fingerprint() -> str:
    """Return a hash over all migrations: those of the rooms by content, those of packages by the package's version."""
    seen = hashlib.sha256()
    for package in ("django", "django-axes"):
        seen.update(f"{package} {version(package)}\n".encode())
    for path in sorted(ROOMS_FOLDER.glob("*/migrations/*.py")):
        seen.update(str(path.relative_to(ROOMS_FOLDER)).encode() + b"\0" + path.read_bytes())
    return f"plumbline schema {seen.hexdigest()}"


def bring_up_to_date(folder: DataFolder) -> bool:
    """Migrate where the fingerprint differs; say whether anything had to be done. Safe in two processes at once."""
    with (folder.run / "schema.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        with _as_owner(folder) as owner:
            if _comment(owner) == wanted:
                return False
        migrate()
        with _as_owner(folder) as owner:
            name = sql.Identifier(owner.info.dbname)
            owner.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(wanted)))
        return True


def migrate() -> None:
    """Run Django's migrations as the owner role. Raises OutsideError with what it said when it fails."""
    environment = {**os.environ, "PLUMBLINE_DB_ROLE": "owner", "DJANGO_SETTINGS_MODULE": "plumbline.config.settings"}
    result = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity", "1"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise OutsideError(
            say("数据库结构未能更新：{reason}", reason=(result.stderr or result.stdout).strip()[-2000:]),
            remedy=say("记录没有改动；改正原因后再次启动"),
            may_retry=False,
        )


def _as_owner(folder: DataFolder) -> psycopg.Connection[tuple[object, ...]]:
    named = database_settings(folder, role="owner")
    address = make_conninfo(
        dbname=str(named["NAME"]),
        user=str(named["USER"]) or None,
        password=str(named.get("PASSWORD", "")) or None,
        host=str(named["HOST"]) or None,
        port=str(named.get("PORT", "")) or None,
        **cast("dict[str, str]", named["OPTIONS"]),
    )
    return psycopg.connect(address, autocommit=True)


def _comment(owner: psycopg.Connection[tuple[object, ...]]) -> str:
    row = owner.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
    ).fetchone()
    return str(row[0]) if row else ""
