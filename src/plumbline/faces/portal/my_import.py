"""Bring one's own instruments in from a file: see its first rows, see every row that is wrong, then take the good ones.

Only the reader's own organisation and its sites can be meant. The steps are `kit.importing`.
"""

from __future__ import annotations

import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import actions, queries
from plumbline.domain.registers.types import IntakeTarget, SiteFacts
from plumbline.errors import AccessError, InputError, PlumblineError, StateError, say
from plumbline.faces.kit import formats, importing
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import status_of
from plumbline.faces.kit.downloads import attachment
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.import_files import bad_rows_file, report_file
from plumbline.faces.kit.importing import Importing
from plumbline.faces.kit.intake_report import Known, write_template
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.faces.portal.frame import frame, owner_of
from plumbline.rulebook import catalogue

KIND = "import.instruments"
RIGHT = "import.run"
CSV = "text/csv; charset=utf-8"


def bring_in(request: HttpRequest) -> HttpResponse:
    """Show the form; a POST lays the file aside and leads to how it goes."""
    owner = _importer(request)
    if request.method != "POST":
        return _form(request, owner)
    try:
        terms = _terms(owner, request)
        url = importing.begin(request, owner, importing=_importing(), terms=terms)
    except (InputError, StateError) as error:
        return _form(request, owner, error=error)
    return HttpResponseRedirect(url, status=303)


def step(request: HttpRequest, errand_id: UUID) -> HttpResponse:
    """Show how an import goes; a POST says which column is which, takes in, stops or resumes."""
    owner = _importer(request)
    errand = importing.errand_of(owner, errand_id, importing=_importing())
    error: PlumblineError | None = None
    if request.method == "POST":
        try:
            importing.act(request, owner, importing=_importing(), errand=errand)
            return HttpResponseRedirect(_importing().step_url(errand_id), status=303)
        except (InputError, StateError) as err:
            error = err
    context = {
        **frame(request, "my-instruments"),
        "crumbs": [
            Crumb(_("我的器具"), reverse("my-instruments")), Crumb(_("批量导入"), reverse("my-import")),
            Crumb(_("进度和结果")),
        ],
        "step": importing.step(owner, errand, importing=_importing(), error=error),
    }  # fmt: skip
    return render(request, "portal/my_import_step.html", context, status=status_of(error) if error else 200)


@require_safe
def bad_rows(request: HttpRequest, errand_id: UUID) -> HttpResponseBase:
    """Return the refused rows as a workbook, the reason beside each cell; mended, it may be imported again."""
    errand = importing.errand_of(_importer(request), errand_id, importing=_importing())
    return bad_rows_file(errand, _importing().known)


@require_safe
def report(request: HttpRequest, errand_id: UUID) -> HttpResponseBase:
    """Return all that was found in the file, row by row, as CSV."""
    errand = importing.errand_of(_importer(request), errand_id, importing=_importing())
    return report_file(errand, _importing().known)


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


def _importing() -> Importing:
    known = Known(queries.instrument_template(), queries.instrument_sentences())
    return Importing(
        KIND, known, reverse("my-import"), reverse("my-instruments"),
        step_url=lambda key: reverse("my-import-step", args=[key]),
        bad_url=lambda key: reverse("my-import-bad", args=[key]),
        report_url=lambda key: reverse("my-import-report", args=[key]),
    )  # fmt: skip


def _terms(owner: Actor, request: HttpRequest) -> dict[str, object]:
    """Return where the rows go, as the errand keeps it. Raises: InputError; Hidden for a site that is another's."""
    target = _target(owner, request.POST.get("site", ""), category=request.POST.get("category", ""))
    actions.instruments_taking(owner, target, at=timezone.now())
    site = str(target.site_id) if target.site_id else ""
    return {"owner": str(target.owner_id), "region": target.region_code, "site": site, "category": target.category}


def _target(owner: Actor, site: str, *, category: str) -> IntakeTarget:
    if not site:
        region_code = directory.organisation(owner.organisation_id).region_code
        return IntakeTarget(owner.organisation_id, region_code, None, category)
    try:
        found = queries.site(UUID(site))
    except ValueError as err:
        raise InputError(say("还没有选"), remedy=say("从名单里选一项"), field="site") from err
    return IntakeTarget(owner.organisation_id, found.region_code, found.id, category)


def _site_option(site: SiteFacts, *, chosen: str) -> Option:
    return Option(str(site.id), formats.either(site.name_zh, site.name_en), is_selected=str(site.id) == chosen)


def _form(request: HttpRequest, owner: Actor, *, error: PlumblineError | None = None) -> HttpResponse:
    given = request.POST
    sites = queries.sites_of(owner.organisation_id)
    chosen = given.get("site", str(sites[0].id) if len(sites) == 1 else "")
    none = Option("", _("没有登记地点，以后再补"))
    context = {
        **frame(request, "my-instruments"),
        "crumbs": [Crumb(_("我的器具"), reverse("my-instruments")), Crumb(_("批量导入"))],
        "sites": [none, *(_site_option(each, chosen=chosen) for each in sites)],
        "categories": [
            Option("", _("文件里每行都写了类别")),
            *(
                Option(code, f"{code} {named(each)}", is_selected=code == given.get("category"))
                for code, each in catalogue.categories().items()
            ),
        ],
        "columns": queries.instrument_template().columns,
        "template_url": reverse("my-import-template"),
        "faults": faults(error),
        "errors": errors_by_field(error),
        **importing.limits(),
    }
    return render(request, "portal/my_import.html", context, status=status_of(error) if error else 200)
