"""The door of the web server's workers. A worker ends when the server process that started it ends."""

from __future__ import annotations

import os
import signal

from django.core.wsgi import get_wsgi_application

from plumbline.config.processes import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
if os.environ.get("PLUMBLINE_SUPERVISED") == "1":
    # The server process leads the session, see `processes.start_child`. Killed at once: while it still imports, a
    # worker may swallow SIGTERM, and a request cut off rolls back.
    end_with_parent(signal.SIGKILL, os.getsid(0))
application = get_wsgi_application()
