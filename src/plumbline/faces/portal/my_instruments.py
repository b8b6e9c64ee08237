"""My instruments: the list with where each stands, one instrument with its documents and errors, and its label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.evaluation_view import history_chart
from plumbline.faces.kit.shapes import Crumb, Tab
from plumbline.faces.portal.fleet import Fleet, Member, Standing, fleet_of, standing_of, state_words
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.faces.portal.my_import import may_import
from plumbline.rulebook import catalogue, notices

SHOWN = {"over": ("over", "bad", "rev"), "due": ("due",), "unk": ("unk",), "ok": ("ok",)}
LABELS_MOST = 200


@dataclass(frozen=True)
class SiteGroup:
    """The instruments of one site, those that want an act first."""

    name: str
    members: Sequence[Member]
    site_id: str
    count_to_book: int


def instruments(request: HttpRequest) -> HttpResponse:
    """Show the list by site; `show` narrows it to a state."""
    owner = owner_of(request)
    fleet = fleet_of(owner.organisation_id, today=timezone.localdate())
    show = request.GET.get("show", "")
    shown = fleet.of_kind(*SHOWN[show]) if show in SHOWN else list(fleet.members)
    context = {
        **frame(request, "my-instruments"),
        "tabs": _tabs(fleet, show),
        "groups": _groups(fleet, shown),
        "total": len(fleet.members),
        "over": len(fleet.of_kind(*SHOWN["over"])),
        "soon": len(fleet.of_kind("due")),
        "soon_days": notices.soon_days(),
        "is_cut": fleet.is_cut,
        "may_import": may_import(owner),
    }
    return render(request, "portal/my_instruments.html", context)


def _tabs(fleet: Fleet, show: str) -> list[Tab]:
    words = {"over": _("没有有效证书"), "due": _("将到期"), "unk": _("没有记录"), "ok": _("有效")}
    tabs = [Tab(_("全部"), "?", len(fleet.members), is_current=show not in SHOWN)]
    return tabs + [
        Tab(word, f"?show={kind}", len(fleet.of_kind(*SHOWN[kind])), is_current=show == kind)
        for kind, word in words.items()
    ]


def _groups(fleet: Fleet, shown: Sequence[Member]) -> list[SiteGroup]:
    order = {"over": 0, "bad": 0, "rev": 0, "due": 1, "unk": 2, "ok": 3}
    names = [(site.id, formats.either(site.name_zh, site.name_en)) for site in fleet.sites] + [
        (None, _("没有登记地点"))
    ]
    groups = []
    for site_id, name in names:
        members = [each for each in shown if each.instrument.site_id == site_id]
        members.sort(key=lambda each: (order.get(each.standing.kind, 9), each.label))
        if members:
            to_book = sum(each.can_be_booked for each in members)
            groups.append(SiteGroup(name, members, str(site_id or ""), to_book))
    return groups


def instrument(request: HttpRequest, identity: str) -> HttpResponse:
    """Show one instrument: what its newest document is worth, all documents, errors over the years, its label."""
    owner = owner_of(request)
    today = timezone.localdate()
    found = _own(owner, identity)
    documents = certificates.of_instrument(found.id, on=today)
    current = next((each for each in documents if each.status != "superseded"), None)
    standing = standing_of(found, current, today=today)
    context = {
        **frame(request, "my-instruments"),
        "instrument": found,
        "answer": _answer(found, standing),
        "crumbs": [Crumb(_("我的器具"), "../"), Crumb(found.identity)],
        "standing": standing,
        "facts": _facts(found),
        "documents": documents,
        "is_busy": found.id in laboratory.open_job_instruments([found.id]),
        "chart": _chart(documents, current) if documents else None,
        "check_url": check_url(found.lookup_code),
    }
    return render(request, "portal/my_instrument.html", context)


def _answer(found: InstrumentFacts, standing: Standing) -> str:
    """Return the sentence the page opens with: which one, what its document is worth, until when."""
    name = found.place or found.identity
    if standing.until is None:
        return _("{name}：{state}").format(name=name, state=standing.word)
    until = formats.day_words(standing.until)
    return _("{name}：{state}，有效期至 {day}").format(name=name, state=standing.word, day=until)


def label(request: HttpRequest, identity: str) -> HttpResponse:
    """Show the label of one instrument for printing: the look-up code as QR, the identity, what it is on."""
    found = _own(owner_of(request), identity)
    return _labels(request, [found])


def labels(request: HttpRequest) -> HttpResponse:
    """Show the labels of all instruments in use of one site (or of all), for printing."""
    owner = owner_of(request)
    site = request.GET.get("site", "")
    fleet = fleet_of(owner.organisation_id, today=timezone.localdate())
    wanted = [
        each.instrument
        for each in fleet.members
        if each.instrument.is_in_use and (not site or str(each.instrument.site_id) == site)
    ]
    return _labels(request, wanted[:LABELS_MOST])


def _labels(request: HttpRequest, wanted: Sequence[InstrumentFacts]) -> HttpResponse:
    shown = [(each, check_url(each.lookup_code)) for each in wanted]
    return render(request, "portal/labels.html", {"is_demo": settings.PLUMBLINE_DEMO, "labels": shown})


def check_url(code: str) -> str:
    """Return the address a label carries: capitals only, so that the QR code stays small (alphanumeric mode)."""
    return f"{settings.PLUMBLINE_BASE_URL}/C/{code}".upper()


def _own(owner: Actor, identity: str) -> InstrumentFacts:
    """Return an instrument of the reader's organisation; the answer for any other is that of one that is not there."""
    found = registers.instrument_by_identity(identity)
    if found.owner_id != owner.organisation_id:
        raise registers.no_such_instrument()
    return found


def _facts(found: InstrumentFacts) -> list[tuple[str, str]]:
    category = catalogue.by_code(found.category)
    lines = [
        (_("名称"), formats.either(found.name_zh, found.name_en)),
        (_("种类"), named(category)),
        (_("型号"), found.model),
        (_("出厂编号"), found.serial),
        (_("制造单位"), found.maker),
        (_("测量范围"), found.range_text),
        (_("准确度等级"), found.accuracy_class),
        (_("安装位置"), found.place),
        (_("本单位编号"), found.external_id),
        (_("台账状态"), state_words(found.state)),
    ]
    return [(name, value) for name, value in lines if value]


def _chart(documents: Sequence[CertificateFacts], current: CertificateFacts | None) -> object:
    due = current.valid_until if current else None
    return history_chart(documents, title=_("历次误差"), due=due)
