"""Bring one's own instruments in from a file: check it first, see every row that is wrong, then take the good ones in.

The file waits between the check and the import, so that it is chosen once; what is taken in is what was checked. Only
the reader's own organisation and its sites can be meant.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.files import actions as parking
from plumbline.domain.files import queries as parked
from plumbline.domain.registers import actions, queries
from plumbline.domain.registers.types import IntakeTarget, SiteFacts
from plumbline.domain.rows.findings import ALL_OR_NOTHING, CHECK, GOOD_ROWS, Intake
from plumbline.domain.rows.staging import findings
from plumbline.errors import AccessError, InputError, PlumblineError, StateError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.intake_report import Known, Report, finding_lines, report_of, write_report, write_template
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.gateways.tables.reading import open_table
from plumbline.gateways.tables.template import Layout, Sheet, lay_out
from plumbline.gateways.tables.values import Caps
from plumbline.rulebook import catalogue

CAPS = Caps(file_bytes=20_000_000, rows=10_000)
KEPT = "intake:"
RIGHT = "import.run"
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class Waiting:
    """The file that waits to be taken in, what it was called, and what holds for rows that do not say."""

    key: str
    name: str
    site: str
    category: str


def bring_in(request: HttpRequest) -> HttpResponse:
    """Show the form; a POST lays the file aside and leads to what was found in it."""
    owner = _importer(request)
    if request.method != "POST":
        return _form(request, owner)
    try:
        waiting = _laid_aside(request)
        _opened(waiting)
        _target(owner, waiting)
    except (InputError, StateError) as error:
        return _form(request, owner, error=error)
    request.session[KEPT + str(owner.organisation_id)] = asdict(waiting)
    return redirect("my-import-check")


def check(request: HttpRequest) -> HttpResponse:
    """Show what was found in the file that waits; a POST takes it in, all of it or the good rows."""
    owner = _importer(request)
    waiting = _waiting(request, owner)
    if waiting is None:
        return redirect("my-import")
    mode = {"all": ALL_OR_NOTHING, "good": GOOD_ROWS}.get(request.POST.get("take", ""), CHECK)
    try:
        layout, intake = _taken_in(owner, waiting, mode=mode)
    except (InputError, StateError) as error:
        return _form(request, owner, error=error)
    if intake.is_written:
        return _done(request, owner, waiting=waiting, intake=intake)
    report = report_of(intake, findings(), layout=layout, known=_known())
    return _found(request, waiting=waiting, report=report)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """Return all that was found in the file that waits, row by row, as CSV."""
    owner = _importer(request)
    waiting = _waiting(request, owner)
    if waiting is None:
        return redirect("my-import")
    _taken_in(owner, waiting, mode=CHECK)
    file = io.StringIO(newline="")
    write_report(file, finding_lines(findings(), _known()))
    return attachment(file.getvalue().encode(), CSV, name="report.csv")


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """Return the empty file to fill in, with its columns named in the reader's language."""
    _importer(request)
    file = io.StringIO(newline="")
    write_template(file, queries.instrument_template())
    return attachment(file.getvalue().encode(), CSV, name="instruments.csv")


def may_import(actor: Actor) -> bool:
    """Tell whether the reader may bring instruments in at all."""
    return accounts.has_right(actor, RIGHT)


def _importer(request: HttpRequest) -> Actor:
    owner = owner_of(request)
    if not may_import(owner):
        raise AccessError(
            say("当前角色“{role}”不能批量导入", role=accounts.role_name(owner.role)), remedy=say("换用有权的角色或账号")
        )
    return owner


def _known() -> Known:
    return Known(queries.instrument_template(), queries.instrument_sentences())


# ---------------------------------------------------------------- the file


def _laid_aside(request: HttpRequest) -> Waiting:
    """Return the uploaded file, laid aside for a day. Raises: InputError for no file, an empty or a too large one."""
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InputError(say("没有选文件"), remedy=say("选一个 Excel、CSV 或 Parquet 文件"), field="file")
    size = file.size or 0
    if not 0 < size <= CAPS.file_bytes:
        raise InputError(
            say("文件有 {size} 字节，这里收 1 到 {most} 字节", size=size, most=CAPS.file_bytes),
            remedy=say("分成几个文件导入"),
            field="file",
        )
    key = parking.park(file.read(), at=timezone.now())
    site, category = request.POST.get("site", ""), request.POST.get("category", "")
    return Waiting(key, (file.name or "")[:80], site, category)


def _waiting(request: HttpRequest, owner: Actor) -> Waiting | None:
    raw = request.session.get(KEPT + str(owner.organisation_id))
    return Waiting(**raw) if isinstance(raw, dict) else None


def _taken_in(owner: Actor, waiting: Waiting, *, mode: str) -> tuple[Layout, Intake]:
    """Run the import as far as the mode says; what it found can be read while the request's transaction lasts."""
    sheet = _opened(waiting)
    target = _target(owner, waiting)
    return sheet.layout, actions.import_instruments(owner, sheet, target=target, mode=mode, at=timezone.now())


def _opened(waiting: Waiting) -> Sheet:
    """Return the file that waits, its columns found. Raises: InputError for a file or a header that cannot be used."""
    stream = open_table(parked.parked(waiting.key), caps=CAPS)
    return Sheet(lay_out(queries.instrument_template(), stream.columns, mapping={}), stream.rows)


def _target(owner: Actor, waiting: Waiting) -> IntakeTarget:
    if not waiting.site:
        region_code = directory.organisation(owner.organisation_id).region_code
        return IntakeTarget(owner.organisation_id, region_code, None, waiting.category)
    try:
        site = queries.site(UUID(waiting.site))
    except ValueError as err:
        raise InputError(say("还没有选"), remedy=say("从名单里选一项"), field="site") from err
    return IntakeTarget(owner.organisation_id, site.region_code, site.id, waiting.category)


# ---------------------------------------------------------------- pages


def _site_option(site: SiteFacts, *, chosen: str) -> Option:
    return Option(str(site.id), formats.either(site.name_zh, site.name_en), is_selected=str(site.id) == chosen)


def _form(request: HttpRequest, owner: Actor, *, error: PlumblineError | None = None) -> HttpResponse:
    given = request.POST
    sites = queries.sites_of(owner.organisation_id)
    chosen = given.get("site", str(sites[0].id) if len(sites) == 1 else "")
    none = Option("", _("没有登记地点，以后再补"))
    context = {
        **frame(request, "my-instruments"),
        "crumbs": [Crumb(_("我的器具"), "../instruments/"), Crumb(_("批量导入"))],
        "sites": [none, *(_site_option(each, chosen=chosen) for each in sites)],
        "categories": [
            Option("", _("文件里每行都写了类别")),
            *(
                Option(code, f"{code} {named(each)}", is_selected=code == given.get("category"))
                for code, each in catalogue.categories().items()
            ),
        ],
        "columns": queries.instrument_template().columns,
        "most_mb": formats.number(CAPS.file_bytes // 1_000_000),
        "most_rows": formats.number(CAPS.rows),
        "faults": faults(error),
        "errors": errors_by_field(error),
    }
    return render(request, "portal/my_import.html", context, status=status_of(error) if error else 200)


def _found(request: HttpRequest, *, waiting: Waiting, report: Report) -> HttpResponse:
    site = queries.sites_by_id([UUID(waiting.site)]).get(UUID(waiting.site)) if waiting.site else None
    context = {
        **frame(request, "my-instruments"),
        "crumbs": [Crumb(_("我的器具"), "../../instruments/"), Crumb(_("批量导入"), "../"), Crumb(_("检查结果"))],
        "answer": _answer(report.intake),
        "report": report,
        "waiting": waiting,
        "site": site,
        "is_refused": request.method == "POST",
    }
    return render(request, "portal/my_import_check.html", context)


def _answer(intake: Intake) -> str:
    if intake.refused:
        words = ngettext("{n} 行要改，{m} 台可以导入", "{n} 行要改，{m} 台可以导入", intake.refused)
        return words.format(n=formats.number(intake.refused), m=formats.number(intake.new))
    if not intake.new:
        return _("没有新的器具：文件里的都已在台账里") if intake.unchanged else _("文件里没有一行器具")
    return ngettext("{n} 台可以导入", "{n} 台可以导入", intake.new).format(n=formats.number(intake.new))


def _done(request: HttpRequest, owner: Actor, *, waiting: Waiting, intake: Intake) -> HttpResponse:
    parking.unpark(waiting.key)
    request.session.pop(KEPT + str(owner.organisation_id), None)
    words = ngettext("已导入 {n} 台器具", "已导入 {n} 台器具", intake.new).format(n=formats.number(intake.new))
    messages.success(request, words)
    return redirect("my-instruments")
