"""What `./plumbline VERB` does once its environment stands; run as `python -m plumbline.config.launch VERB ...`.

Answers: which verb runs the platform, and which runs beside it. Loads only the one that is asked, because a start is
waited for. Leaves what runs to `serving`, and the other verbs to `verbs`.
"""

from __future__ import annotations

import sys

from plumbline.errors import PlumblineError
from plumbline.faces.commands.terminal import tell_error


def start(arguments: list[str]) -> int:
    """Run one verb with all it needs; return its exit code. Errors of the family are told in words."""
    verb, rest = arguments[0], arguments[1:]
    try:
        if verb in {"serve", "demo"}:
            from plumbline.config.serving import serve  # noqa: PLC0415  # loaded when asked

            return serve(rest, is_demo=verb == "demo")
        from plumbline.config.verbs import run_verb  # noqa: PLC0415  # loaded when asked: it brings the driver

        return run_verb(verb, rest)
    except PlumblineError as error:
        return tell_error(error)


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:] or ["help"]))
