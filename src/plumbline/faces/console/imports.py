"""Bring files in from the console: entries of a simple register, instruments, organisations, outside calibrations.

What each kind asks besides the file is here; the steps, the same for all, are `kit.importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates import queries as outside
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import queries as held
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import IntakeTarget
from plumbline.errors import InputError, PlumblineError, say
from plumbline.faces.console.entry_list import place as place_of_register
from plumbline.faces.console.shell import Place, faults_of, is_shown_in_page, officer, page, require_right, see_other
from plumbline.faces.kit import formats, importing
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.import_files import bad_rows_file, report_file, template_file
from plumbline.faces.kit.importing import Importing
from plumbline.faces.kit.intake_report import Known
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.rulebook import catalogue
from plumbline.rulebook import registers as rulebook

RIGHT = "import.run"
Posted = Mapping[str, str]
Terms = dict[str, object]


@dataclass(frozen=True)
class Field:
    """One thing a kind asks besides the file. kind: text, day or choice."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    hint: str = ""
    options: Sequence[Option] = ()
    error: object = ""


@dataclass(frozen=True)
class Kind:
    """A kind of import: what it is called, who may, what it asks besides the file, and what is kept of the answers.

    terms: turns what was posted into what the errand is asked; raises where the actor may not, or an answer is wrong.
    """

    name: str
    title: str
    importing: Importing
    place: Callable[[Crumb], Place]
    right: str
    fields: Callable[[Posted], Sequence[Field]]
    terms: Callable[[Actor, Posted], Terms]
    template_url: str = field(default="")


@officer
def bring_in(request: HttpRequest, actor: Actor, *, name: str, register_id: str = "") -> HttpResponse:
    """Show the form; a POST lays the file aside and leads to how it goes."""
    kind = _kind(actor, name, register_id=register_id)
    if request.method != "POST":
        return _form(request, kind)
    try:
        terms = kind.terms(actor, request.POST.dict())
        return see_other(importing.begin(request, actor, importing=kind.importing, terms=terms))
    except PlumblineError as error:
        if not is_shown_in_page(error):
            raise
        return _form(request, kind, error=error)


@officer
def step(request: HttpRequest, actor: Actor, *, name: str, errand_id: UUID, register_id: str = "") -> HttpResponse:
    """Show how an import goes; a POST says which column is which, takes in, stops or resumes."""
    kind = _kind(actor, name, register_id=register_id)
    errand = importing.errand_of(actor, errand_id, importing=kind.importing)
    error: PlumblineError | None = None
    if request.method == "POST":
        try:
            importing.act(request, actor, importing=kind.importing, errand=errand)
            return see_other(kind.importing.step_url(errand_id))
        except PlumblineError as err:
            if not is_shown_in_page(err):
                raise
            error = err
    context = {"step": importing.step(actor, errand, importing=kind.importing, error=error)}
    status = status_of(error) if error else 200
    return page(request, "import_step", context=context, place=kind.place(Crumb(_("导入"))), status=status)


@require_safe
@officer
def bad_rows(
    _request: HttpRequest, actor: Actor, *, name: str, errand_id: UUID, register_id: str = ""
) -> HttpResponseBase:
    """Return the refused rows as a workbook, the reason beside each cell; mended, it may be imported again."""
    kind = _kind(actor, name, register_id=register_id)
    return bad_rows_file(importing.errand_of(actor, errand_id, importing=kind.importing), kind.importing.known)


@require_safe
@officer
def report(
    _request: HttpRequest, actor: Actor, *, name: str, errand_id: UUID, register_id: str = ""
) -> HttpResponseBase:
    """Return every finding, row by row, as CSV."""
    kind = _kind(actor, name, register_id=register_id)
    return report_file(importing.errand_of(actor, errand_id, importing=kind.importing), kind.importing.known)


@require_safe
@officer
def template(_request: HttpRequest, actor: Actor, *, name: str) -> HttpResponseBase:
    """Return the empty workbook to fill in."""
    return template_file(_kind(actor, name).importing.known.template)


def _form(request: HttpRequest, kind: Kind, *, error: PlumblineError | None = None) -> HttpResponse:
    errors = errors_by_field(error)
    asked = kind.fields(request.POST.dict())
    context = {
        "over": kind.title,
        "fields": [Field(**{**each.__dict__, "error": errors.get(each.name, "")}) for each in asked],
        "columns": kind.importing.known.template.columns,
        "template_url": kind.template_url,
        "faults": faults_of(error) if error else [],
        "errors": errors,
        **importing.limits(),
    }
    status = status_of(error) if error else 200
    return page(request, "import", context=context, place=kind.place(Crumb(_("导入"))), status=status)


# ---------------------------------------------------------------- the kinds


def _kind(actor: Actor, name: str, *, register_id: str = "") -> Kind:
    """Return a kind of import. Raises: AccessError where the role brings none of it in; InputError for no register."""
    kind = _entries(register_id) if name == "entries" else _KINDS[name]()
    require_right(actor, kind.right)
    return kind


def _importing(name: str, known: Known, *, done_url: str, register_id: str = "") -> Importing:
    of_register = [register_id] if register_id else []

    def url(view: str, key: UUID) -> str:
        return reverse(f"console:{name}_import_{view}", args=[*of_register, key])

    form_url = reverse(f"console:{name}_import", args=of_register)
    addresses = [partial(url, view) for view in ("step", "bad", "report")]
    return Importing(f"import.{name}", known, form_url, done_url, *addresses)


def _entries(register_id: str) -> Kind:
    register = rulebook.by_id(register_id)
    known = Known(kept.entry_template(register.id), kept.entry_sentences())
    done_url = reverse("console:entries", args=[register.id])

    def fields(posted: Posted) -> Sequence[Field]:
        since = posted.get("since") or formats.day(timezone.localdate())
        return [Field("since", _("没写起始日期的行，从哪一天起"), "day", since)]

    def terms(actor: Actor, posted: Posted) -> Terms:
        since = _day(posted.get("since", ""))
        registers.entries_taking(actor, register.id, since=since, at=timezone.now())
        return {"register": register.id, "since": since.isoformat()}

    return Kind(
        "entries", named(register), _importing("entries", known, done_url=done_url, register_id=register.id),
        lambda crumb: place_of_register(register, crumb), f"entry.{register.id}.edit", fields, terms,
        reverse("console:entries_template", args=[register.id]),
    )  # fmt: skip


def _instruments() -> Kind:
    known = Known(held.instrument_template(), held.instrument_sentences())

    def fields(posted: Posted) -> Sequence[Field]:
        category = posted.get("category", "")
        options = [
            Option("", _("文件里每行都写了类别")),
            *(Option(code, f"{code} {named(each)}", is_selected=code == category)
              for code, each in catalogue.categories().items()),
        ]  # fmt: skip
        hint = _("空着就登记在单位所在的地区，不记地点。")
        return [
            Field("owner", _("使用单位的统一社会信用代码"), value=posted.get("owner", "")),
            Field("site", _("使用地点的名称"), value=posted.get("site", ""), hint=hint),
            Field("category", _("没写类别的行，算作"), "choice", category, options=options),
        ]

    def terms(actor: Actor, posted: Posted) -> Terms:
        owner = _owner(posted)
        site = _site(owner, posted.get("site", "").strip())
        region = site[1] if site else owner.region_code
        category = posted.get("category", "")
        target = IntakeTarget(owner.id, region, site[0] if site else None, category)
        registers.instruments_taking(actor, target, at=timezone.now())
        return {"owner": str(owner.id), "region": region, "site": str(site[0]) if site else "", "category": category}

    return _plain("instruments", _("计量器具"), known=known, fields=fields, terms=terms)


def _organisations() -> Kind:
    known = Known(directory.organisation_template(), directory.organisation_sentences())

    def fields(posted: Posted) -> Sequence[Field]:
        return [Field("region", _("以哪个地区的名义登记（六位代码）"), value=posted.get("region", ""))]

    def terms(actor: Actor, posted: Posted) -> Terms:
        region = posted.get("region", "").strip()
        try:
            registers.organisations_taking(actor, region)
        except InputError as err:
            raise InputError(err.what, remedy=err.remedy, field="region") from err
        return {"region": region}

    return _plain("organisations", _("单位名录"), known=known, fields=fields, terms=terms)


def _calibrations() -> Kind:
    known = Known(outside.calibration_template(), outside.calibration_sentences())

    def fields(posted: Posted) -> Sequence[Field]:
        return [Field("owner", _("使用单位的统一社会信用代码"), value=posted.get("owner", ""))]

    def terms(actor: Actor, posted: Posted) -> Terms:
        owner = _owner(posted)
        certificates.calibrations_taking(actor, owner.id, at=timezone.now())
        return {"owner": str(owner.id)}

    return _plain("calibrations", _("外部校准记录"), known=known, fields=fields, terms=terms)


_KINDS: Mapping[str, Callable[[], Kind]] = {
    "instruments": _instruments, "organisations": _organisations, "calibrations": _calibrations,
}  # fmt: skip


def _plain(
    name: str, title: str, *, known: Known,
    fields: Callable[[Posted], Sequence[Field]], terms: Callable[[Actor, Posted], Terms],
) -> Kind:  # fmt: skip
    line = "organisations" if name == "organisations" else "instruments"
    done_url = reverse(f"console:{line}")

    def place(crumb: Crumb) -> Place:
        return Place(line, [Crumb(title, done_url), crumb])

    template_url = reverse(f"console:{name}_import_template")
    return Kind(name, title, _importing(name, known, done_url=done_url), place, RIGHT, fields, terms, template_url)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip() or formats.day(timezone.localdate()))
    except ValueError as err:
        raise InputError(
            say("“{text}”不是日期", text=text[:20]), remedy=say("写成 2026-11-21 的样子"), field="since"
        ) from err


def _owner(posted: Posted) -> OrganisationFacts:
    try:
        return directory.organisation_by_uscc(posted.get("owner", "").strip())
    except InputError as err:
        raise InputError(err.what, remedy=err.remedy, field="owner") from err


def _site(owner: OrganisationFacts, name: str) -> tuple[UUID, str] | None:
    if not name:
        return None
    sites = {site.name_zh: (site.id, site.region_code) for site in held.sites_of(owner.id)}
    if name not in sites:
        raise InputError(
            say("单位“{owner}”没有名为“{site}”的地点", owner=owner.name_zh, site=name),
            remedy=say("已有的地点：{names}", names="、".join(sites) or "—"),
            field="site",
        )
    return sites[name]
