"""A data folder and a database of one's own, for as long as a drill or a bench takes, at this release's schema.

The process that owns them loads no Django: work on them is done in children, each asked by JSON and answering by JSON.
Leaves what is in the database to `city`.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any  # what a child answers is JSON of many shapes

from launch.environment import HOME
from launch.rehearsal import RECORDS_OF_ROOT

from plumbline.config.data_folder import DataFolder
from plumbline.config.database_use import database
from plumbline.config.postgres import Postgres
from plumbline.config.processes import start_child, tail
from plumbline.config.schema import bring_up_to_date

FOREIGN = ("PLUMBLINE_", "DATABASE_", "DJANGO_")
STAND = "PLUMBLINE_STAND"
KEPT = ("PLUMBLINE_DCC_SCHEMA", "PLUMBLINE_LANG")
Asked = Mapping[str, Any]


@dataclass
class Child:
    """A started child: its process and where it answers."""

    process: subprocess.Popen[bytes]
    answer: Path
    log: Path

    def result(self, *, patience_s: float) -> Any:
        """Wait for the end and return the answer. Raises: RuntimeError with the end of its output if it failed."""
        try:
            code = self.process.wait(patience_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            code = self.process.wait()
        if code != 0 or not self.answer.exists():
            raise RuntimeError(f"{self.log.stem} ended with code {code}:\n{tail(self.log, 40)}")
        return json.loads(self.answer.read_text())


@dataclass
class OwnCopy:
    """The copy: its folder, and its database server as a child of ours."""

    folder: DataFolder
    postgres: Postgres
    _started: int = 0

    def start(self, work: str, asked: Asked) -> Child:
        """Start `module` or `module:function` with what is asked, in a process of its own, with Django set up."""
        self._started += 1
        stem = self.folder.run / f"{work.replace(':', '.')}-{self._started}"
        answer, log = stem.with_name(f"{stem.name}.json"), stem.with_name(f"{stem.name}.log")
        with log.open("wb") as output:
            process = start_child(
                [sys.executable, "-m", "drills.stand.door", work, answer, json.dumps(asked)],
                output=output,
                environment={**os.environ, "PYTHONPATH": str(HOME)},
            )
        return Child(process, answer, log)

    def call(self, work: str, asked: Asked, *, patience_s: float = 300) -> Any:
        """Do the work in a process of its own and return its answer. Raises: RuntimeError."""
        return self.start(work, asked).result(patience_s=patience_s)


@contextmanager
def own_copy(label: str) -> Iterator[OwnCopy]:
    """Make a copy in a temporary folder, with a durable database; all of it is gone afterwards.

    Where the environment names a folder as PLUMBLINE_STAND, the copy is made there and left there, and what an earlier
    run left is used again. Within the block the environment names this copy and no other.
    """
    kept = dict(os.environ)
    with _place(label, kept.get(STAND)) as place:
        folder = DataFolder(place / "data")
        try:
            _name_alone(folder)
            folder.prepare()
            folder.keep(mode="demo", port=8000, base_url="http://localhost:8000", log_origin="localhost:8000/nqi/stand")
            with database(folder) as postgres:
                if postgres is None:
                    raise RuntimeError("the stand needs a database of its own")
                bring_up_to_date(folder)
                yield OwnCopy(folder, postgres)
        finally:
            os.environ.clear()
            os.environ.update(kept)
            if os.getuid() == 0 and STAND not in kept:
                shutil.rmtree(RECORDS_OF_ROOT / folder.installation, ignore_errors=True)


@contextmanager
def on_one_core() -> Iterator[int]:
    """Keep this process and all it starts in the block on one core; yields its number."""
    before = os.sched_getaffinity(0)
    core = max(before)
    os.sched_setaffinity(0, {core})
    try:
        yield core
    finally:
        os.sched_setaffinity(0, before)


@contextmanager
def _place(label: str, named: str | None) -> Iterator[Path]:
    if named is None:
        with tempfile.TemporaryDirectory(prefix=f"plumbline-{label}-") as made:
            yield Path(made)
    else:
        folder = Path(named).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        yield folder


def _name_alone(folder: DataFolder) -> None:
    for name in [name for name in os.environ if name.startswith(FOREIGN) and name not in KEPT]:
        del os.environ[name]
    os.environ["PLUMBLINE_DATA"] = str(folder.root)
