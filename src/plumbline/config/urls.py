"""Root addresses: each face brings its own table; what is named here is what they share."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

handler400 = "plumbline.config.error_pages.bad_request"
handler403 = "plumbline.config.error_pages.forbidden"
handler404 = "plumbline.config.error_pages.not_found"
handler500 = "plumbline.config.error_pages.failed"

urlpatterns: list[URLPattern | URLResolver] = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("plumbline.faces.api.urls")),
    path("", include("plumbline.faces.console.urls")),
    path("", include("plumbline.faces.portal.urls")),
]
if settings.DEBUG:  # the gallery of components is for those who build pages
    urlpatterns.append(path("kit/", include("plumbline.faces.kit.urls")))
