"""The platform as a WSGI application, for a server of an operator's choice; our own is `web`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
application = get_wsgi_application()
