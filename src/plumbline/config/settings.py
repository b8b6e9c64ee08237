"""Django settings: one file, read from the data folder and the environment; nothing in it is a secret.

Environment (all optional): `PLUMBLINE_DATA` the data folder; `DATABASE_URL` an operator's own PostgreSQL, with
`DATABASE_OWNER_URL` for its owner role; `PLUMBLINE_DB_ROLE=owner` to migrate; `PLUMBLINE_DEBUG=1` for developers;
`PLUMBLINE_STATIC=plain` to serve static files from where they lie, unhashed; `PLUMBLINE_DCC_SCHEMA` a folder of XSDs.
What belongs to one copy (mode, port, address, limits) is in `config.toml` of its data folder, see `data_folder`.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from plumbline.config.data_folder import data_folder
from plumbline.config.database_settings import database_settings
from plumbline.config.postgres_roles import APP, OWNER
from plumbline.gateways.mail import server_of

PACKAGE = Path(__file__).resolve().parent.parent
FOLDER = data_folder()
KEPT = FOLDER.config()

# ---------------------------------------------------------------- what the rooms ask
PLUMBLINE_DATA = str(FOLDER.root)
PLUMBLINE_APP_ROLE = APP
PLUMBLINE_OWNER_ROLE = OWNER
PLUMBLINE_DEMO = KEPT.get("mode") == "demo"
PLUMBLINE_BASE_URL = str(KEPT.get("base_url", "http://localhost:8000"))
"""The address printed in codes: without a slash at the end, fixed at the first start."""
PLUMBLINE_LOG_ORIGIN = str(KEPT.get("log_origin", "localhost/nqi/unset"))
PLUMBLINE_LOOKUPS_PER_MINUTE = int(KEPT.get("lookups_per_minute", 120))
"""How often an address may look a code up, in each process of the web server; 0 counts nothing."""
PLUMBLINE_API_PER_MINUTE = int(KEPT.get("api_per_minute", 600))
"""How often a token may ask, in each process of the web server; 0 counts nothing."""
PLUMBLINE_WEBHOOKS_PRIVATE = bool(KEPT.get("webhooks_to_private_addresses", False))
"""Whether messages may go to addresses of the machine itself and of the house's own net, and without TLS."""
PLUMBLINE_PROXIES = int(KEPT.get("proxies", 0))
"""How many proxies of one's own stand before the web server, each adding to X-Forwarded-For whom it was asked by."""
PLUMBLINE_MAIL = server_of(KEPT)
"""Where mail goes out; None where `config.toml` names no server: then no letter is written."""
PLUMBLINE_PROVIDERS = FOLDER.providers()
"""Identity providers people may sign in at, as `providers.toml` of the data folder names them."""
PLUMBLINE_FONT_DIR = str(PACKAGE / "faces" / "kit" / "static" / "vendor" / "fonts")
PLUMBLINE_DCC_SCHEMA_DIR = os.environ.get("PLUMBLINE_DCC_SCHEMA") or str(FOLDER.root / "dcc_schema")

# ---------------------------------------------------------------- Django
SECRET_KEY = FOLDER.secret()
DEBUG = os.environ.get("PLUMBLINE_DEBUG") == "1"
_address = urlsplit(PLUMBLINE_BASE_URL)
IS_TLS = _address.scheme == "https"
ALLOWED_HOSTS = sorted({"localhost", "127.0.0.1", "[::1]", _address.hostname or "localhost"})
CSRF_TRUSTED_ORIGINS = [PLUMBLINE_BASE_URL] if IS_TLS else []

ROOMS = [
    "plumbline.domain.rows",
    "plumbline.domain.directory",
    "plumbline.domain.accounts",
    "plumbline.domain.ledger",
    "plumbline.domain.journal",
    "plumbline.domain.notices",
    "plumbline.domain.drafts",
    "plumbline.domain.files",
    "plumbline.domain.errands",
    "plumbline.domain.credentials",
    "plumbline.domain.registers",
    "plumbline.domain.cases",
    "plumbline.domain.certificates",
    "plumbline.domain.laboratory",
    "plumbline.domain.partners",
    "plumbline.domain.procedures",
    "plumbline.domain.indicators",
]
FACES = ["plumbline.faces.kit", "plumbline.faces.portal", "plumbline.faces.console", "plumbline.faces.api"]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_cotton.apps.SimpleAppConfig",
    "csp",
    "axes",
    *ROOMS,
    *FACES,
]
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "plumbline.config.headers.PermissionsPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "plumbline.config.alive.Alive",
    # Whatever refuses a request of the API below here, a program is told in one form.
    "plumbline.faces.api.problems.Problems",
    # One transaction a request, seeing nothing until the actor is known: above sessions and authentication, so that
    # the session, the act and what the page reads are of one moment.
    "plumbline.domain.rows.scope.RequestScope",
    "plumbline.faces.kit.plain_text.PlainText",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "plumbline.faces.kit.languages.MarkChinese",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "plumbline.domain.credentials.session.SignInMiddleware",
    "plumbline.domain.accounts.session.ActorMiddleware",
    "plumbline.config.headers.NotKept",
    "django.contrib.messages.middleware.MessageMiddleware",
    "plumbline.faces.portal.first_password.FirstPassword",
    "plumbline.config.error_pages.ErrorPages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "plumbline.config.urls"
WSGI_APPLICATION = "plumbline.config.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django_cotton.cotton_loader.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django_cotton.templatetags.cotton", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": database_settings(FOLDER)}

# ---------------------------------------------------------------- who may sign in
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
# Account and address together: a guesser locks an account for his own address only, not for its owner elsewhere, and
# not his colleagues behind the same address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True  # an act of signing in is the journal's to keep
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "plumbline.faces.kit.client_address.client_address"
AXES_LOCKOUT_CALLABLE = "plumbline.faces.portal.signing.locked_out"

# ---------------------------------------------------------------- what a browser is told
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if PLUMBLINE_PROXIES:  # one's own proxy says how it was asked; without one the header is anybody's
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if IS_TLS else 0
X_FRAME_OPTIONS = "DENY"
# Cookies of one host are shared by all its ports: named by the copy, two of them on one machine do not disturb.
_copy = FOLDER.installation[:8]
SESSION_COOKIE_NAME = f"plumbline_session_{_copy}"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "plumbline.config.error_pages.token_refused"
CSRF_COOKIE_NAME = f"plumbline_csrf_{_copy}"
LANGUAGE_COOKIE_NAME = f"plumbline_language_{_copy}"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_HANDLERS = [
    "plumbline.faces.kit.uploads.Limit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# ---------------------------------------------------------------- language and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# ---------------------------------------------------------------- static files
STATIC_URL = "/static/"
STATIC_ROOT = str(FOLDER.static)
_is_plain = os.environ.get("PLUMBLINE_STATIC") == "plain"
WHITENOISE_USE_FINDERS = _is_plain
WHITENOISE_MAX_AGE = 0 if _is_plain else 60
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["ttf", "woff2", "png", "jpg", "gz"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if _is_plain
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
