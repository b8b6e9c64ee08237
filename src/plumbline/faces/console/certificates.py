"""A certificate or result notice with its facts, what happened to it, its place in the log."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest
from plumbline.domain.certificates import actions, queries
from plumbline.domain.certificates.types import CertificateFacts, Revocation
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.procedures import verification
from plumbline.domain.registers import queries as registers
from plumbline.domain.rows.unseen import require_seen
from plumbline.errors import AccessError, InputError, PlumblineError, say
from plumbline.faces.console.shell import (
    Phrase,
    Place,
    faults_of,
    is_shown_in_page,
    may,
    officer,
    page,
    require_right,
    see_other,
)
from plumbline.faces.console.words import certificate_state, document_kind
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import new_request_id, status_of
from plumbline.faces.kit.charts import error_line
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.evaluation_view import IssuedPoint, edition_of, issued_points, rule_line
from plumbline.faces.kit.shapes import Crumb, Option, StoryItem
from plumbline.rulebook import revocation


@officer
def certificate(request: HttpRequest, actor: Actor, *, number: str) -> HttpResponse:
    """Show a document; a POST revokes or replaces it, with a reason."""
    require_right(actor, "register.read")
    found = queries.certificate_by_number(number, on=timezone.localdate())
    if request.method != "POST":
        return _show(request, actor, found=found)
    try:
        with transaction.atomic():
            told, where = _change(actor, found, posted=request.POST)
    except PlumblineError as error:
        if not is_shown_in_page(error):
            raise
        return _show(request, actor, found=found, error=error)
    messages.success(request, told)
    return see_other(reverse("console:certificate", args=[where]))


def _change(actor: Actor, found: CertificateFacts, *, posted: QueryDict) -> tuple[str, str]:
    reason, now = posted.get("reason", ""), timezone.now()
    require_seen({"reason": reason})
    if posted.get("act") == "revoke":
        asked_for = Revocation(posted.get("reason_code", ""), reason, _key(posted))
        actions.revoke(actor, found.id, revocation=asked_for, at=now)
        return _("已撤销 {number}，查验页会立即显示").format(number=found.number), found.number
    form = {"reason": reason, "certificate": found.number}
    asked = ActRequest("certificate.supersede", form, seen=0, request_id=_key(posted))
    after = verification.supersede(actor, _job_of(found), request=asked, at=now)
    return _("已另发 {new} 更换 {old}").format(new=after.number, old=found.number), after.number


def _key(posted: QueryDict) -> UUID:
    try:
        return UUID(posted.get("request_id", ""))
    except ValueError as err:
        raise InputError(say("这一页已经失效"), remedy=say("刷新页面再提交")) from err


def _job_of(found: CertificateFacts) -> UUID:
    for job in laboratory.jobs_of(found.case_id):
        if job.instrument_id == found.instrument_id:
            return job.id
    raise cases.no_such_case()


def _show(
    request: HttpRequest, actor: Actor, *, found: CertificateFacts, error: PlumblineError | None = None
) -> HttpResponse:
    instrument, body, edition = _part(found, "instrument"), _part(found, "body"), edition_of(found)
    statement = None if found.is_load_test else ledger.index_of(found.statement_id)
    posted = request.POST if request.method == "POST" else QueryDict()
    kind, word = certificate_state(found.status)
    context = {
        "document": found,
        "over": _("{kind} {number}").format(kind=document_kind(found.kind), number=found.number),
        "phrases": _sentence(found),
        "state": (kind, word),
        "facts": _facts(found, instrument, body=body),
        "rule": rule_line(found),
        "rule_url": reverse("console:rule", args=[edition.id]) if edition else "",
        "points": [(point, _line(point)) for point in issued_points(found.facts)],
        "checks": found.facts.get("checks", []),
        "failed": found.facts.get("failed", []),
        "identity": _identity(found),
        "case_number": _case_number(found, actor),
        "log_index": statement,
        "files": () if found.is_load_test else ("certificate.pdf", "dcc.xml", "record.json"),
        "story": _story(found),
        "may_revoke": may(actor, "certificate.revoke") and found.can_end,
        "may_supersede": may(actor, "certificate.supersede") and found.can_end,
        "reasons": [Option(code, named(each)) for code, each in revocation.all_reasons().items()],
        "posted": posted,
        "request_id": new_request_id(),
        "act": posted.get("act", ""),
        "errors": errors_by_field(error),
        "faults": faults_of(error, {name: f"{posted.get('act', '')}-{name}" for name in ("reason", "reason_code")})
        if error
        else [],
    }
    crumbs = [Crumb(_("证书"), reverse("console:certificates")), Crumb(found.number)]
    status = status_of(error) if error else 200
    return page(request, "certificate", context=context, place=Place("certificates", crumbs), status=status)


def _sentence(found: CertificateFacts) -> list[Phrase]:
    kind, word = certificate_state(found.status)
    colour = {"ok": "ok", "over": "due", "bad": "bad", "rev": "rev"}.get(kind, "")
    phrases = [Phrase(word, colour)]
    if found.valid_until is not None and found.status in {"valid", "due"}:
        phrases.append(Phrase(_("有效期至 {day}").format(day=found.valid_until.isoformat())))
    if found.replaced_by:
        url = reverse("console:certificate", args=[found.replaced_by])
        phrases.append(Phrase(_("由 {number} 更换").format(number=found.replaced_by), "", url))
    return phrases


def _part(found: CertificateFacts, name: str) -> Mapping[str, object]:
    part = found.facts.get(name, {})
    return part if isinstance(part, Mapping) else {}


def _line(point: IssuedPoint) -> str:
    return error_line(point.interval, point.limits, label=point.name) if point.interval is not None else ""


def _facts(
    found: CertificateFacts, instrument: Mapping[str, object], *, body: Mapping[str, object]
) -> list[tuple[str, str]]:
    name = instrument.get("en" if formats.is_english() else "zh") or instrument.get("zh", "")
    facts = [
        (_("器具名称"), name),
        (_("型号"), instrument.get("model", "")),
        (_("出厂编号"), instrument.get("serial", "")),
        (_("制造单位"), instrument.get("maker", "")),
        (_("现场位置"), instrument.get("position", "")),
        (_("地点"), instrument.get("place", "")),
        (_("检定机构"), body.get("en" if formats.is_english() else "zh") or body.get("zh", "")),
        (_("检定日期"), formats.day(found.performed_on)),
        (_("有效期至"), formats.day(found.valid_until)),
        (_("签发时间"), formats.moment(found.issued_at)),
    ]
    return [(label, str(value)) for label, value in facts if value]


def _identity(found: CertificateFacts) -> str:
    try:
        return registers.instrument(found.instrument_id).identity
    except AccessError:
        return ""


def _case_number(found: CertificateFacts, actor: Actor) -> str:
    known = cases.cases([found.case_id]) if may(actor, "case.read") else {}
    return known[found.case_id].number if found.case_id in known else ""


def _story(found: CertificateFacts) -> list[StoryItem]:
    words = {"revoked": _("撤销"), "superseded": _("更换")}
    reasons = revocation.all_reasons()
    events = [
        StoryItem(
            formats.day(each.at), words.get(each.kind, each.kind), kind="bad",
            note=named(reasons[each.reason_code]) if each.reason_code in reasons else found.replaced_by,
            written=each.reason,
        )
        for each in reversed(found.events)
    ]  # fmt: skip
    if found.is_load_test:
        return [StoryItem(formats.day(found.issued_at), _("由压力测试写入，没有签发"))]
    return [*events, StoryItem(formats.day(found.issued_at), _("签发"))]
