"""`python -m drills.stand.door MODULE ANSWER ASKED`: set Django up, call `main(asked)` of the module, write its answer.

ASKED is JSON; ANSWER is a file that appears whole, after the work, with what `main` returned.
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
    module, answer, asked = arguments
    prepare_django()
    said = import_module(module).main(json.loads(asked))
    write_whole(Path(answer), json.dumps(said, ensure_ascii=False).encode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
