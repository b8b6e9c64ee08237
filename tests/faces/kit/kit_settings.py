"""Minimal settings to render the kit alone: no database, no room; used by the tests of this folder."""

from __future__ import annotations

from pathlib import Path

import plumbline

SECRET_KEY = "kit-only"
DEBUG = False
ALLOWED_HOSTS = ["*"]
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [str(Path(plumbline.__file__).parent / "locale")]
INSTALLED_APPS = ["django.contrib.staticfiles", "django_cotton", "plumbline.faces.kit"]
MIDDLEWARE = ["django.middleware.locale.LocaleMiddleware", "django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "tests.faces.kit.kit_urls"
STATIC_URL = "/static/"
DATABASES: dict[str, dict[str, str]] = {}
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
