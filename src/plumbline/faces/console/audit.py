"""The audit trail: the newest acts of every room, read-only, one readable line each; continued by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import queries as journal
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.registers import queries as registers
from plumbline.errors import InputError, say
from plumbline.faces.console.act_words import act_note, act_word
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.doers import doer_words
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Crumb, Option

SHOWN = 50
KINDS = ("case", "certificate", "instrument", "standard", "scope", "qualification", "organisation", "person", "site")


@dataclass(frozen=True)
class AuditRow:
    """One act as a line: when, who in which role for whom, what, about what."""

    at: datetime
    person: str
    role: str
    organisation: str
    act: str
    subject: str
    subject_url: str
    note: str


@officer
def audit(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the newest acts. GET: kind, before (moment and id of the last one seen)."""
    require_right(actor, "audit.read")
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    before = request.GET.get("before", "")
    found = journal.latest(kind=kind, before=_key(before), most=SHOWN + 1)
    shown = found[:SHOWN]
    following = f"{shown[-1].at.isoformat()}~{shown[-1].id}" if len(found) > SHOWN else ""
    context = {
        "phrases": [Phrase(_("操作记录只增不改") if shown else _("还没有操作记录"))],
        "rows": rows_of(shown),
        "kinds": [Option(code, label, is_selected=code == kind) for code, label in _kinds().items()],
        "log": ledger.log_state(),
        "next_url": _address(kind, following) if following else "",
        "first_url": _address(kind, "") if before else "",
    }
    return page(request, "audit", context=context, place=Place("audit", [Crumb(_("操作记录"))]))


def rows_of(acts: Sequence[ActFacts]) -> list[AuditRow]:
    """Return the lines of some acts: names of subjects in three queries whatever their number."""
    named = _subjects({act.subject_id for act in acts})
    houses = directory.organisations({act.organisation_id for act in acts})
    rows = []
    for act in acts:
        subject, url = named.get(act.subject_id, ("", ""))
        house = houses.get(act.organisation_id)
        rows.append(
            AuditRow(
                at=act.at,
                person=doer_words(act),
                role=role_words(act.role),
                organisation=formats.either(house.name_zh, house.name_en) if house else "",
                act=act_word(act.name),
                subject=subject,
                subject_url=url,
                note=act_note(act),
            )
        )
    return rows


def _subjects(ids: set[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return (name, address) of each subject that has a page here."""
    found = {
        key: (_("业务 {number}").format(number=each.number), reverse("console:case", args=[each.number]))
        for key, each in cases.cases(ids).items()
    }
    found |= {
        key: (each.number, reverse("console:certificate", args=[each.number]))
        for key, each in certificates.certificates(ids, on=timezone.localdate()).items()
    }
    return found | {
        each.id: (each.identity, reverse("console:instrument", args=[each.identity]))
        for each in registers.instruments_by_id(ids)
    }


def _key(text: str) -> tuple[datetime, UUID] | None:
    if not text:
        return None
    try:
        moment, key = text.split("~")
        return datetime.fromisoformat(moment), UUID(key)
    except ValueError as err:
        raise InputError(say("翻页的位置看不懂"), remedy=say("从第一页重新翻")) from err


def _kinds() -> dict[str, str]:
    return {
        "case": _("业务"),
        "certificate": _("证书"),
        "instrument": _("计量器具"),
        "standard": _("计量标准"),
        "scope": _("检定项目范围"),
        "qualification": _("人员资格"),
        "organisation": _("单位"),
        "person": _("人员"),
        "site": _("地点"),
    }


def _address(kind: str, before: str) -> str:
    given = {name: value for name, value in (("kind", kind), ("before", before)) if value}
    return f"{reverse('console:audit')}?{urlencode(given)}" if given else reverse("console:audit")
