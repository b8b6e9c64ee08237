"""The portal's first page: what do you need; my cases, my due instruments; for strangers what this is.

And its search: over the reader's own instruments and over the services there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.queries import Wanted
from plumbline.domain.rows.searching import asking
from plumbline.errors import InputError
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_titles import titled
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import is_staff
from plumbline.faces.portal.case_lines import CaseLine, case_line
from plumbline.faces.portal.evidence_check import look_up_code
from plumbline.faces.portal.fleet import Fleet, Member, fleet_of, months_chart
from plumbline.faces.portal.frame import frame
from plumbline.faces.portal.searching import found
from plumbline.rulebook import notices
from plumbline.rulebook import procedures as book

CASES_SHOWN = 5
FOUND_MOST = 30
READ_MOST = asking.MOST_CHARACTERS + 1
"""One more than may be searched for, so that search itself says that it is too much."""


@dataclass(frozen=True)
class Service:
    """Something one can do here: its words, where it begins, and what else people call it."""

    label: str
    note: str
    url: str
    words: str = ""
    is_for_owners: bool = False


@dataclass(frozen=True)
class Booking:
    """The instruments of one site that should be applied for now."""

    site_name: str
    count: int
    url: str


@dataclass(frozen=True)
class OwnerHome:
    """What the first page says to an enterprise."""

    cases: Sequence[CaseLine]
    open_count: int
    waiting_count: int
    total: int
    over_count: int
    soon_count: int
    soon_days: int
    none_count: int
    bookings: Sequence[Booking]
    chart: SafeString
    is_cut: bool


def home(request: HttpRequest) -> HttpResponse:
    """Show the first page; with `q` what was found."""
    query = request.GET.get("q", "").strip()[:READ_MOST]
    actor = getattr(request, "actor", None)
    owner = actor if actor is not None and not is_staff(actor) else None
    if query:
        return _found_page(request, owner, query=query)
    context = {
        **frame(request, "portal-home"),
        "services": services(owner),
        "mine": _owner_home(owner) if owner else None,
        "is_stranger": actor is None,
    }
    return render(request, "portal/home.html", context)


def services(owner: Actor | None) -> list[Service]:
    """Return what there is to do, for this reader."""
    all_services = [
        Service(
            _("申请强制检定"), _("选地点和器具，在线提交"), reverse("apply"),
            words="加油机 检定 预约 首检 周检 apply verification", is_for_owners=True,
        ),
        Service(
            _("办事清单"), _("校准、考核、认定、标准、投诉：依据、时限、由谁办"), reverse("procedures"),
            words="程序 指南 services procedures",
        ),
        Service(
            _("看业务进度"), _("等谁、第几天、下一步"), reverse("my-cases"),
            words="办到哪 撤回 补正 case progress", is_for_owners=True,
        ),
        Service(
            _("看我的器具和到期日"), _("状态、证书、标签"), reverse("my-instruments"),
            words="台账 到期 标签 二维码 instruments due label", is_for_owners=True,
        ),
        Service(
            _("下载证书"), _("PDF、数字证书、凭证包"), reverse("my-certificates"),
            words="证书 下载 通知书 certificate download pdf dcc", is_for_owners=True,
        ),
        Service(
            _("查验一份证书或一个码"), _("结论、有效期、谁检的；断网也能验"), reverse("check"),
            words="扫码 真伪 验证 check verify code qr",
        ),
        Service(
            _("看公开日志"), _("每一份签发、更换、撤销都在里面"), reverse("log"),
            words="日志 透明 哈希 log transparency",
        ),
    ]  # fmt: skip
    return [each for each in all_services if owner is not None or not each.is_for_owners]


def _procedures() -> list[Service]:
    """Return each procedure as something to be found."""
    return [
        Service(
            named(each), formats.either(each.about_zh, each.about_en), reverse("procedure", args=[each.id]),
            words=f"{each.zh} {each.en}",
        )
        for each in book.all_procedures().values()
        if each.is_general
    ]  # fmt: skip


def _owner_home(owner: Actor) -> OwnerHome:
    today = timezone.localdate()
    counts = cases.counts_by_state(owner_id=owner.organisation_id)
    waiting = cases.waiting_states(owner.role)
    first = cases.listed(Wanted(owner_id=owner.organisation_id, is_open=True), most=CASES_SHOWN)
    fleet = fleet_of(owner.organisation_id, today=today)
    lines = [case_line(each, owner, today=today) for each in titled(first)]
    return OwnerHome(
        cases=sorted(lines, key=lambda line: not line.is_mine),
        open_count=sum(counts.values()),
        waiting_count=sum(count for state, count in counts.items() if state in waiting),
        total=sum(each.instrument.is_in_use for each in fleet.members),
        over_count=len(fleet.of_kind("over", "bad", "rev")),
        soon_count=len(fleet.of_kind("due")),
        soon_days=notices.soon_days(),
        none_count=sum(each.standing.wants_verification for each in fleet.of_kind("unk")),
        bookings=bookings(fleet),
        chart=months_chart(fleet, today=today),
        is_cut=fleet.is_cut,
    )


def bookings(fleet: Fleet) -> list[Booking]:
    """Return the sites with instruments that should be applied for, the most of them first."""
    found = []
    for site in fleet.sites:
        count = sum(each.can_be_booked for each in fleet.at_site(site.id))
        if count:
            found.append(
                Booking(
                    formats.either(site.name_zh, site.name_en), count, f"{reverse('apply')}?site={site.id}&want=due"
                )
            )
    return sorted(found, key=lambda booking: -booking.count)


def _found_page(request: HttpRequest, owner: Actor | None, *, query: str) -> HttpResponse:
    """Show what was found; a look-up code leads to its answer at once."""
    try:
        return redirect("public-check", look_up_code(query))
    except InputError:
        pass  # it is no code: it is searched for below
    today = timezone.localdate()
    members = _matching(fleet_of(owner.organisation_id, today=today), query) if owner else []
    context: dict[str, object] = {
        **frame(request, "portal-home"),
        "query": query,
        "services": [each for each in (*services(owner), *_procedures()) if _is_meant(each, query)],
        "members": members[:FOUND_MOST],
        "more": max(0, len(members) - FOUND_MOST),
        "is_stranger": owner is None,
    }
    try:
        context["groups"] = found(asking.read(query), owner, has_instruments=bool(members))
    except InputError as error:
        context["fault"] = error
    return render(request, "portal/found.html", context, status=422 if "fault" in context and not members else 200)


def _matching(fleet: Fleet, query: str) -> list[Member]:
    """Return what the whole phrase names ("2 号枪"); only where nothing does, what has each word somewhere."""
    searched = {each.instrument.id: _searched(each) for each in fleet.members}
    phrase = " ".join(query.casefold().split())
    exact = [each for each in fleet.members if phrase in searched[each.instrument.id]]
    words = phrase.split()
    return exact or [each for each in fleet.members if all(word in searched[each.instrument.id] for word in words)]


def _searched(member: Member) -> str:
    found = member.instrument
    parts = (found.identity, found.serial, found.place, found.name_zh, found.name_en, found.model, member.site_name)
    number = member.document.number if member.document else ""
    return " ".join([*parts, found.identity.replace("-", ""), found.external_id, number]).casefold()


def _is_meant(service: Service, query: str) -> bool:
    text = f"{service.label} {service.note} {service.words}".casefold()
    return any(word in text for word in query.casefold().split())
