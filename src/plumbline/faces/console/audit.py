"""The audit trail: the acts of every room, read-only, the newest first, each in one readable line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.journal import queries as journal
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.listing.spec import Column, Joined, Row
from plumbline.errors import say
from plumbline.faces.console.act_words import act_note, act_word
from plumbline.faces.console.list_face import Listed, base_of
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.doers import doer_words
from plumbline.faces.kit.lists import ListFace
from plumbline.faces.kit.nav import role_words


def listed(_actor: Actor, _today: date) -> Listed:
    """Return the list as the console shows it: what was done and about what stand beside when and by whom."""
    subjects = Joined(("subject",), _subjects_of, needs=("fact",))
    spec = (
        journal.list_of_acts()
        .extended(
            columns=(Column("act", say("办了什么")), Column("subject", say("对象"))), joins=(subjects,), after="at"
        )
        .extended(columns=(Column("note", say("内容")),), joins=(), after="organisation")
    )
    face = ListFace(
        spec,
        reverse("console:audit"),
        base_of(spec),
        cells={
            "act": lambda row: Cell(act_word(row["fact"].name), css="nw"),
            "subject": lambda row: row["subject"],
            "person": lambda row: Cell(doer_words(row["fact"])),
            "role": lambda row: Cell(role_words(row["role"]), css="sub nw"),
            "note": lambda row: Cell(act_note(row["fact"]), css="sub"),
        },
        needs={"act": ("fact",), "person": ("fact",), "subject": ("subject",), "role": ("role",), "note": ("fact",)},
    )
    log = ledger.log_state()
    note = _("操作记录只增不改。公开日志已有 {size} 条，等待写入 {waiting} 条").format(
        size=formats.number(log.size), waiting=formats.number(log.waiting)
    )
    return Listed(face, "audit", _("没有符合条件的操作记录"), note=note)


def _subjects_of(rows: Sequence[Row]) -> Mapping[UUID, Row]:
    named = _subjects({row["fact"].subject_id for row in rows})
    return {row["id"]: {"subject": named.get(row["fact"].subject_id, Cell(formats.DASH))} for row in rows}


def _subjects(ids: set[UUID]) -> dict[UUID, Cell]:
    """Return the name and address of each subject that has a page here: three queries whatever their number."""
    found = {
        key: Cell(
            _("业务 {number}").format(number=each.number), url=reverse("console:case", args=[each.number]), css="nw"
        )
        for key, each in cases.cases(ids).items()
    }
    found |= {
        key: Cell(each.number, url=reverse("console:certificate", args=[each.number]), css="code nw")
        for key, each in certificates.certificates(ids, on=timezone.localdate()).items()
    }
    return found | {
        each.id: Cell(each.identity, url=reverse("console:instrument", args=[each.identity]), css="code nw")
        for each in registers.instruments_by_id(ids)
    }
