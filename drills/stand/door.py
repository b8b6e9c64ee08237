"""`python -m drills.stand.door WORK ANSWER ASKED`: set Django up, call `WORK(asked)`, write its answer.

WORK is `package.module` (its `main`) or `package.module:function`; ASKED is JSON; ANSWER is a file that appears whole,
after the work, with what the function returned.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path

from plumbline.config.data_folder import write_whole
from plumbline.faces.commands.main import prepare_django


def main(arguments: list[str]) -> int:
    """Do the work of one child."""
    work, answer, asked = arguments
    module, _, function = work.partition(":")
    prepare_django()
    said = getattr(import_module(module), function or "main")(json.loads(asked))
    write_whole(Path(answer), json.dumps(said, ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
