"""A kind of import: what its rows are, what they clash with, how they are written; and the one way all kinds take.

A room says the four things of a `Taking`; whether a file comes in one stroke (a command) or in pieces (long work) is
not its business. Everything that looks beyond one row is a single statement over the whole stage.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from plumbline.domain.rows.findings import Intake, Sentences, check_mode
from plumbline.domain.rows.models import new_id
from plumbline.domain.rows.staging import Stage, Staged
from plumbline.gateways.tables.template import Layout, Sheet, Template
from plumbline.gateways.tables.values import TableRow


@dataclass(frozen=True)
class Run:
    """One run of an import: the key that names it on each row it writes, and when."""

    key: UUID
    at: datetime


class Taking(ABC):
    """One kind of import, bound to who brings the file and where its rows are to go."""

    name: ClassVar[str]
    columns: ClassVar[Mapping[str, str]]
    template: Template
    sentences: Mapping[str, Sentences]

    @abstractmethod
    def staged(self, layout: Layout, rows: Iterable[TableRow]) -> Iterator[Staged]:
        """Yield the rows with what is wrong in each alone; nothing is asked of the database."""

    @abstractmethod
    def compare(self, stage: Stage, layout: Layout) -> int:
        """Find what clashes, among the rows and with what is held; return how many good rows are held already.

        Ends with `stage.index_findings()` and the count, which asks which rows are bad.
        """

    @abstractmethod
    def write(self, stage: Stage, run: Run) -> None:
        """Insert the rows that are good and new."""

    @abstractmethod
    def tell(self, result: Intake, run: Run) -> None:
        """Tell the journal of rows that were written."""


def take_in(taking: Taking, sheet: Sheet, *, mode: str, at: datetime) -> Intake:
    """Take a file in, as far as the mode says, in the running transaction. Raises: InputError for an unknown mode."""
    check_mode(mode)
    stage = Stage(taking.name, taking.columns)
    stage.fill(taking.staged(sheet.layout, sheet.rows))
    return concluded(taking, stage, layout=sheet.layout, mode=mode, at=at)


def concluded(taking: Taking, stage: Stage, *, layout: Layout, mode: str, at: datetime) -> Intake:
    """Compare a filled stage with what is held, and write what is good if the mode says so."""
    unchanged = taking.compare(stage, layout)
    result = stage.conclude(mode, unchanged=unchanged)
    if result.is_written and result.new:
        run = Run(new_id(), at)
        taking.write(stage, run)
        taking.tell(result, run)
    return result
