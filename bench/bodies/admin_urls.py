"""The peer's addresses: a changelist of instruments, certificates and cases as `ModelAdmin` makes it, open to anyone.

list_select_related is set, as anybody would; everything else is as Django has it, the count of the whole table too.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.urls import path

from plumbline.domain.cases.models import Case
from plumbline.domain.certificates.models import Certificate
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows import scope


class SeesEverything:
    """One transaction a request that sees every row."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            scope.apply(scope.EVERYTHING)
            return self.get_response(request)


class Open(admin.AdminSite):
    """An admin that asks nobody who they are."""

    def has_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002  # the signature of the admin
        return True


class Plain(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs alone
    """A list fifty rows long that may be seen by anyone."""

    list_per_page = 50

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:  # noqa: ARG002  # as above
        return True

    has_change_permission = has_delete_permission = has_view_permission


class Instruments(Plain):
    list_display = ("identity", "name_zh", "owner_id", "site_id", "serial", "state")
    search_fields = ("name_zh", "serial", "identity", "maker", "model", "external_id")


class Certificates(Plain):
    list_display = ("number", "kind", "owner_id", "performed_on", "valid_until")
    ordering = ("-issued_at",)
    search_fields = ("number",)


class Cases(Plain):
    list_display = ("number", "title", "owner_id", "state", "due_on")
    ordering = ("due_on",)
    search_fields = ("number", "title")


site = Open()
site.register(Instrument, Instruments)
site.register(Certificate, Certificates)
site.register(Case, Cases)
urlpatterns = [path("admin/", site.urls)]
