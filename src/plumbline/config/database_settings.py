"""Which database the settings name: an operator's own by `DATABASE_URL`, else the embedded one over its socket.

`PLUMBLINE_DB_ROLE` chooses the role: `app` (default, held by row-level security) or `owner` (migrations only).
"""

from __future__ import annotations

import os
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from plumbline.config.data_folder import DataFolder
from plumbline.config.postgres_roles import APP, DATABASE, OWNER
from plumbline.errors import InputError, say

ROLES = {"app": APP, "owner": OWNER}


def database_settings(folder: DataFolder, *, role: str | None = None) -> dict[str, object]:
    """Return the entry of DATABASES for `role` (app or owner; else what the environment says).

    Raises InputError for an unknown role or an address that is not PostgreSQL's.
    """
    role = role or os.environ.get("PLUMBLINE_DB_ROLE", "app")
    if role not in ROLES:
        raise InputError(say("PLUMBLINE_DB_ROLE 的值 {role} 无效", role=role), remedy=say("可用的值为 app 和 owner"))
    url = os.environ.get("DATABASE_URL", "")
    if role == "owner":
        url = os.environ.get("DATABASE_OWNER_URL") or url
    named = from_url(url) if url else {"NAME": DATABASE, "HOST": str(folder.socket_folder), "USER": ROLES[role]}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"application_name": "plumbline"},
        **named,
    }


def from_url(url: str) -> dict[str, object]:
    """Return the settings of an address like `postgresql://user:password@host:5432/name?sslmode=require`.

    A unix socket is given as `postgresql://user@/name?host=/folder`.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise InputError(
            say("数据库地址的协议 {scheme} 不受支持", scheme=parts.scheme or "?"),
            where=say("环境变量 DATABASE_URL"),
            remedy=say("地址应以 postgresql:// 开头"),
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "NAME": unquote(parts.path.lstrip("/")) or DATABASE,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": _port(parts),
        "OPTIONS": {"application_name": "plumbline", **options},
    }


def _port(parts: SplitResult) -> str:
    try:
        return str(parts.port or "")
    except ValueError as error:
        raise InputError(say("数据库地址中的端口无效"), where=say("环境变量 DATABASE_URL")) from error
