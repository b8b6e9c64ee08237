"""Addresses of the portal. Their names carry no prefix: sign-in, role and check are shared with the other faces."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from plumbline.faces.kit import downloads
from plumbline.faces.portal import (
    applying,
    evidence_check,
    home,
    lists,
    my_cases,
    my_certificates,
    my_import,
    my_instruments,
    my_interfaces,
    my_notices,
    public_check,
    public_registers,
    signing,
    trust,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="portal-home"),
    path("login/", signing.sign_in, name="login"),
    path("logout/", signing.sign_out, name="logout"),
    path("session/", signing.session_state, name="session"),
    path("password/", signing.change_password, name="password"),
    path("role/", signing.change_role, name="role"),
    path("apply/", applying.apply, name="apply"),
    path("apply/check/", applying.look_over, name="apply-check"),
    path("apply/draft/", applying.keep_draft, name="apply-draft"),
    path("my/cases/", lists.show, {"which": "cases"}, name="my-cases"),
    path("my/cases/<str:number>/", my_cases.case, name="my-case"),
    path("my/instruments/", my_instruments.instruments, name="my-instruments"),
    path("my/labels/", my_instruments.labels, name="my-labels"),
    path("my/instruments/<str:identity>/", my_instruments.instrument, name="my-instrument"),
    path("my/instruments/<str:identity>/label/", my_instruments.label, name="my-label"),
    path("my/certificates/", lists.show, {"which": "certificates"}, name="my-certificates"),
    path("my/certificates/<str:number>/", my_certificates.certificate, name="my-certificate"),
    path("my/lists/<slug:which>/", lists.show, name="my-list"),
    path("my/lists/<slug:which>/export.<slug:ending>", lists.file, name="my-list-file"),
    path("my/lists/<slug:which>/views/", lists.views, name="my-list-views"),
    path("my/interfaces/", my_interfaces.interfaces, name="my-interfaces"),
    path("my/interfaces/<uuid:webhook_id>/", my_interfaces.deliveries, name="my-deliveries"),
    path("my/import/", my_import.bring_in, name="my-import"),
    path("my/import/check/", my_import.check, name="my-import-check"),
    path("my/import/report.csv", my_import.report, name="my-import-report"),
    path("my/import/template.csv", my_import.template, name="my-import-template"),
    path("my/notices/", my_notices.notices, name="my-notices"),
    re_path(
        rf"^my/certificates/(?P<number>[^/]+)/(?P<name>{downloads.NAMES})$",
        downloads.certificate_file,
        name="certificate-file",
    ),
    path("c/<str:code>", public_check.check, name="public-check"),
    path("C/<str:code>", public_check.check),
    path("c/<str:code>/other", public_check.not_this_one, name="check-other"),
    path("c/<str:code>/bundle", public_check.bundle, name="public-bundle"),
    path("check/", evidence_check.check, name="check"),
    path("public/", public_registers.registers, name="public-registers"),
    path("public/<slug:register_id>/", public_registers.entries, name="public-entries"),
    path("public/<slug:register_id>/<int:number>/", public_registers.entry, name="public-entry"),
    path("log/", trust.log, name="log"),
    path("trust/trust.json", trust.trust_file, name="trust-file"),
    path("trust/verifier.py", trust.verifier, name="trust-verifier"),
]
