"""Where a running platform keeps what is its own, and what it keeps there.

Answers: which folder holds the records of this copy, under which identity, with which port and address.
`config.toml` holds `installation` (16 hex digits for life), `mode` ("live" or "demo"), `port`, `base_url`, the name of
the log `log_origin` and, of a demo, `demo_seed`; whoever runs it may add what docs/how-to/settings.md names, and name
identity providers in `providers.toml`.
Leaves to `postgres` how the database lives in its folder. Imports nothing but the standard library, so that the
settings can be read before anything runs; reading never writes, only `prepare` and `keep` do.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # what a file of settings holds is checked by whoever asks for it

from plumbline.errors import InputError, say

HOME = Path(__file__).resolve().parents[3]
"""The clone this package lies in; meaningless for an installed package, see `is_clone`."""

SOCKET_PATH_LIMIT = 107
"""Bytes a unix socket path may have on Linux (sys/un.h)."""


@dataclass(frozen=True)
class DataFolder:
    """One copy's own folder. All paths are absolute."""

    root: Path

    @property
    def config_file(self) -> Path:
        """The file with identity, mode, port and address."""
        return self.root / "config.toml"

    @property
    def keys(self) -> Path:
        """Private keys and the secret of the sessions, 0700."""
        return self.root / "keys"

    @property
    def log(self) -> Path:
        """Tiles and checkpoints of the transparency log."""
        return self.root / "log"

    @property
    def files(self) -> Path:
        """Attachments by content hash."""
        return self.root / "files"

    @property
    def run(self) -> Path:
        """Locks, process numbers and the logs of the running processes."""
        return self.root / "run"

    @property
    def static(self) -> Path:
        """Collected static files, named by content."""
        return self.root / "static"

    @property
    def providers_file(self) -> Path:
        """The file with the identity providers people may sign in at; written by whoever runs the copy."""
        return self.root / "providers.toml"

    @property
    def secret_file(self) -> Path:
        """The secret that signs sessions and forms."""
        return self.keys / "django_secret"

    def config(self) -> dict[str, str | int]:
        """Return the kept settings, empty before the first start. Raises InputError if the file cannot be read."""
        return _read(self.config_file)

    def providers(self) -> dict[str, dict[str, str]]:
        """Return the settings of the identity providers by their keys. Raises InputError if the file cannot be read."""
        return _read(self.providers_file)

    def keep(self, **values: str | int) -> None:
        """Write the given settings beside those already kept, all or nothing."""
        merged = {**self.config(), **values}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in sorted(merged.items())]
        write_whole(self.config_file, "".join(lines).encode())

    @property
    def installation(self) -> str:
        """The identity of this copy for life; before the first start, one computed from its path."""
        kept = self.config().get("installation")
        return str(kept) if kept else hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]

    @property
    def socket_folder(self) -> Path:
        """Where the database listens. Short, because a socket path is limited to 107 bytes."""
        return Path(tempfile.gettempdir()) / f"plumbline-{os.getuid()}-{self.installation}"

    def prepare(self) -> None:
        """Make the folders, the identity and the secret, once. Safe to run again."""
        for folder in (self.root, self.run, self.log, self.files):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)
        if "installation" not in self.config():
            self.keep(installation=secrets.token_hex(8))
        if not self.secret_file.exists():
            write_whole(self.secret_file, secrets.token_urlsafe(50).encode(), mode=0o600)

    def secret(self) -> str:
        """Return the secret of this copy; before the first start a passing one, good for this process only."""
        try:
            return self.secret_file.read_text()
        except FileNotFoundError:
            return secrets.token_urlsafe(50)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            say("设置文件 {file} 无法读取：{reason}", file=path, reason=error),
            remedy=say("改正该行，或从备份中恢复该文件"),
        ) from error


def write_whole(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file so that it is either the old one or the whole new one, also after a power cut."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(mode)
    Path(name).replace(path)


def is_clone() -> bool:
    """Say whether the package runs from a checkout, as against an installed one."""
    return (HOME / "src" / "plumbline").is_dir() and (HOME / "pyproject.toml").is_file()


def data_folder() -> DataFolder:
    """Return the folder of this copy: `PLUMBLINE_DATA`, else `data` in the clone, else the user's own share folder."""
    named = os.environ.get("PLUMBLINE_DATA")
    if named:
        return DataFolder(Path(named).expanduser().absolute())
    if is_clone():
        return DataFolder(HOME / "data")
    share = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return DataFolder(Path(share) / "plumbline")
