"""Applications under one procedure from a file: the template, the file, what is wrong in it, and then the cases.

The steps are `kit.importing`; staff of a house that applies come here too.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from plumbline.domain.procedures import jobs
from plumbline.domain.procedures import queries as opening
from plumbline.errors import InputError, PlumblineError, StateError
from plumbline.faces.kit import formats, import_kinds, importing
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import actor_of, status_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.import_files import bad_rows_file, report_file
from plumbline.faces.kit.importing import Importing
from plumbline.faces.kit.intake_report import column_name
from plumbline.faces.kit.nav import is_staff
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.tables_out import workbook_file
from plumbline.faces.portal.frame import frame
from plumbline.gateways.tables.workbook import Head, Tab
from plumbline.rulebook.procedures import Procedure


def bring_in(request: HttpRequest, name: str) -> HttpResponse:
    """Show the form; a POST lays the file aside and leads to how it goes."""
    found = _applicable(request, name)
    error: PlumblineError | None = None
    if request.method == "POST":
        try:
            terms: dict[str, object] = {"procedure": found.id}
            url = importing.begin(request, actor_of(request), importing=_importing(request, found), terms=terms)
            return HttpResponseRedirect(url, status=303)
        except (InputError, StateError) as err:
            error = err
    context = {
        **_frame(request, found),
        "columns": import_kinds.cases(found.id).known.template.columns,
        "template_url": reverse("procedure-import-template", args=[found.id]),
        "faults": faults(error),
        "errors": errors_by_field(error),
        **importing.limits(),
    }
    return render(request, "portal/procedure_import.html", context, status=status_of(error) if error else 200)


def step(request: HttpRequest, name: str, *, errand_id: UUID) -> HttpResponse:
    """Show how an import goes; a POST says which column is which, takes in, stops or resumes."""
    found, actor = _applicable(request, name), actor_of(request)
    given = _importing(request, found)
    errand = importing.errand_of(actor, errand_id, importing=given)
    error: PlumblineError | None = None
    if request.method == "POST":
        try:
            importing.act(request, actor, importing=given, errand=errand)
            return HttpResponseRedirect(given.step_url(errand_id), status=303)
        except (InputError, StateError) as err:
            error = err
    context = {**_frame(request, found), "step": importing.step(actor, errand, importing=given, error=error)}
    return render(request, "portal/my_import_step.html", context, status=status_of(error) if error else 200)


@require_safe
def bad_rows(request: HttpRequest, name: str, *, errand_id: UUID) -> HttpResponseBase:
    """Return the refused lines as a workbook, the reason beside each cell; mended, it may be imported again."""
    given = _importing(request, _applicable(request, name))
    return bad_rows_file(importing.errand_of(actor_of(request), errand_id, importing=given), given.known)


@require_safe
def report(request: HttpRequest, name: str, *, errand_id: UUID) -> HttpResponseBase:
    """Return every finding, line by line, as CSV."""
    given = _importing(request, _applicable(request, name))
    return report_file(importing.errand_of(actor_of(request), errand_id, importing=given), given.known)


@require_safe
def template(request: HttpRequest, name: str) -> HttpResponseBase:
    """Return the empty workbook to fill in: choice lists, and a comment beside each column."""
    found = _applicable(request, name)
    act = opening.require_opening(actor_of(request), found)
    offered = jobs.choices(act)
    heads = [
        Head(
            column_name(each),
            formats.either(each.about_zh, each.about_en) if each.about_zh else "",
            tuple(named(choice) for choice in offered.get(each.key, ())),
            each.is_required,
        )
        for each in jobs.template(found, act).columns
    ]
    return workbook_file(f"{found.id}.xlsx", [Tab(_("数据"), heads)])


def _applicable(request: HttpRequest, name: str) -> Procedure:
    """Return a procedure under which the reader may open cases. Raises: AccessError; Hidden."""
    found = opening.procedure(name)
    opening.require_opening(actor_of(request), found)
    return found


def _importing(request: HttpRequest, found: Procedure) -> Importing:
    kind = import_kinds.cases(found.id)
    done_url = reverse("console:cases" if is_staff(actor_of(request)) else "my-cases")

    def url(view: str, key: UUID) -> str:
        return reverse(f"procedure-import-{view}", args=[found.id, key])

    return Importing(
        kind.errand, kind.known, reverse("procedure-import", args=[found.id]), done_url,
        lambda key: url("step", key), lambda key: url("bad", key), lambda key: url("report", key),
    )  # fmt: skip


def _frame(request: HttpRequest, found: Procedure) -> dict[str, object]:
    crumbs = [
        Crumb(_("办事"), reverse("procedures")),
        Crumb(named(found), reverse("procedure", args=[found.id])),
        Crumb(_("从文件申请")),
    ]
    return {**frame(request, "portal-home"), "crumbs": crumbs, "name": named(found)}
