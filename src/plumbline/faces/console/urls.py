"""Addresses of the console."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from plumbline.faces.console import (
    access,
    accounts,
    bulk,
    case_views,
    certificates,
    delegations,
    documents,
    entry_files,
    entry_form,
    entry_list,
    entry_page,
    figures,
    imports,
    instrument_views,
    interfaces,
    labels,
    list_pages,
    long_work,
    notices,
    observe_views,
    organisations,
    partners,
    procedure_figures,
    record_views,
    register_views,
    regulations,
    reports,
    role_pages,
    searching,
    standards,
    work,
)
from plumbline.faces.kit import attached, downloads, draws


def _import_paths(name: str, start: str = "") -> list[URLPattern]:
    """Return the addresses of one kind of import: the form, its steps, and the files of a step."""
    start, given = start or f"{name}/import/", {"name": name}
    found = [
        path(start, imports.bring_in, given, name=f"{name}_import"),
        path(f"{start}<uuid:errand_id>/", imports.step, given, name=f"{name}_import_step"),
        path(f"{start}<uuid:errand_id>/bad-rows.xlsx", imports.bad_rows, given, name=f"{name}_import_bad"),
        path(f"{start}<uuid:errand_id>/report.csv", imports.report, given, name=f"{name}_import_report"),
    ]
    if name != "entries":
        found.append(path(f"{start}template.xlsx", imports.template, given, name=f"{name}_import_template"))
    return found


app_name = "console"
urlpatterns: list[URLPattern] = [
    path("work/", work.work, name="work"),
    path("notices/", notices.notices, name="notices"),
    path("long-work/", long_work.long_work, name="long_work"),
    path("notices/settings/", notices.settings, name="notice_settings"),
    path("delegations/", delegations.delegations, name="delegations"),
    path("roles/", role_pages.roles, name="roles"),
    path("roles/<str:code>/", role_pages.role, name="role"),
    path("search/", searching.search, name="search"),
    path("search/answers/", searching.suggest, name="suggest"),
    path("cases/", list_pages.show, {"which": "cases"}, name="cases"),
    path("cases/<str:number>/", case_views.case, name="case"),
    path("cases/<str:number>/draw.json", draws.draw_file, name="case_draw"),
    path("cases/<str:number>/files/<str:sha256>/", attached.case_file, name="case_file"),
    path("cases/<str:number>/<int:position>/", record_views.record, name="record"),
    path("cases/<str:number>/<int:position>/observe/", observe_views.observe, name="observe"),
    path("cases/<str:number>/<int:position>/observe/draft/", observe_views.draft, name="observe_draft"),
    path("cases/<str:number>/<int:position>/draft/", documents.draft, name="draft"),
    path("cases/<str:number>/<int:position>/draft.pdf", documents.draft_pdf, name="draft_pdf"),
    path("cases/<str:number>/<int:position>/record.json", documents.record_json, name="record_json"),
    path("instruments/", list_pages.show, {"which": "instruments"}, name="instruments"),
    path("instruments/new/", instrument_views.register, name="register_instrument"),
    *_import_paths("instruments"),
    path("instruments/<str:identity>/", instrument_views.instrument, name="instrument"),
    re_path(
        rf"^instruments/(?P<identity>[^/]+)/label[.](?P<kind>{labels.KINDS})$", labels.instrument_label, name="label"
    ),
    re_path(rf"^cases/(?P<number>[^/]+)/labels[.](?P<kind>{labels.KINDS})$", labels.case_labels, name="labels"),
    path("certificates/", list_pages.show, {"which": "certificates"}, name="certificates"),
    path("certificates/<str:number>/", certificates.certificate, name="certificate"),
    re_path(
        rf"^certificates/(?P<number>[^/]+)/(?P<name>{downloads.NAMES})$", downloads.certificate_file, name="issued"
    ),
    path("figures/", figures.figures, name="figures"),
    path("figures/figures.pdf", figures.figures_pdf, name="figures_pdf"),
    path("figures/procedures/", procedure_figures.overview, name="procedures_figures"),
    path("figures/procedures/<slug:name>/", procedure_figures.one, name="procedure_figures"),
    path("figures/procedures/<slug:name>/figures.xlsx", procedure_figures.workbook, name="procedure_figures_xlsx"),
    path("figures/reports/", reports.reports, name="reports"),
    path("figures/reports/<slug:month>/", reports.report, name="report"),
    path("figures/reports/<slug:month>/report.pdf", reports.report_pdf, name="report_pdf"),
    path("figures/reports/<slug:month>/report.json", reports.report_file, name="report_file"),
    path("figures/instruments/", list_pages.show, {"which": "standings"}, name="standings"),
    path("standards/", list_pages.show, {"which": "standards"}, name="standards"),
    path("organisations/", list_pages.show, {"which": "organisations"}, name="organisations"),
    *_import_paths("organisations"),
    path("organisations/<str:uscc>/", organisations.organisation, name="organisation"),
    path("accounts/", list_pages.show, {"which": "accounts"}, name="accounts"),
    path("accounts/<str:username>/", accounts.account, name="account"),
    path("invitations/<uuid:invitation_id>/", accounts.invitation, name="invitation"),
    path("accounts/<str:username>/sees/", access.sees, name="sees"),
    path("standards/<uuid:standard_id>/", standards.standard, name="standard"),
    path("lists/<slug:which>/", list_pages.show, name="list"),
    path("lists/<slug:which>/export.<slug:ending>", list_pages.file, name="list_file"),
    path("lists/<slug:which>/views/", list_pages.views, name="list_views"),
    path("lists/<slug:which>/bulk/", bulk.bulk, name="list_bulk"),
    path("register/<slug:name>/", register_views.register, name="register"),
    path("registers/", entry_list.registers, name="registers"),
    path("registers/<slug:register_id>/", list_pages.entries, name="entries"),
    path("registers/<slug:register_id>/template.xlsx", entry_files.template, name="entries_template"),
    *_import_paths("entries", "registers/<slug:register_id>/import/"),
    *_import_paths("calibrations", "instruments/calibrations/import/"),
    path("registers/<slug:register_id>/new/", entry_form.register, name="entry_new"),
    path("registers/<slug:register_id>/<int:number>/", entry_page.entry, name="entry"),
    path("registers/<slug:register_id>/<int:number>/change/", entry_form.change, name="entry_change"),
    path(
        "registers/<slug:register_id>/<int:number>/correct/<uuid:period_id>/", entry_form.correct, name="entry_correct"
    ),
    path("rules/", regulations.editions, name="rules"),
    path("rules/<str:regulation_id>/", regulations.edition, name="rule"),
    path("audit/", list_pages.show, {"which": "audit"}, name="audit"),
    path("partners/", partners.partners, name="partners"),
    path("partners/<slug:partner_id>/give/", partners.give, name="partner_give"),
    *_import_paths("answers", "partners/answers/import/"),
    path("interfaces/", interfaces.interfaces, name="interfaces"),
    path("interfaces/<uuid:webhook_id>/", interfaces.deliveries, name="deliveries"),
]
