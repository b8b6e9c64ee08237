"""The settings of the peer: a plain Django admin over the same tables, with nothing of our pages and middleware."""

from plumbline.config.settings import *  # noqa: F403  # the peer is our database under other addresses

INSTALLED_APPS = ["django.contrib.admin", *INSTALLED_APPS]  # noqa: F405  # from the settings above
MIDDLEWARE = [
    "bench.bodies.admin_urls.SeesEverything",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "bench.bodies.admin_urls"
TEMPLATES[:] = [  # noqa: F405  # as above
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": ["django.template.loaders.app_directories.Loader"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]
STORAGES = {
    **STORAGES,  # noqa: F405  # from the settings above
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
