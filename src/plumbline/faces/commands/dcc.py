"""`plumbline dcc schema install DIR`: registers the official DCC schemas an operator has; issuing then checks by them.

The schemas are not part of this project; without them certificates are built the same way but not checked by them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings

from plumbline.errors import InputError, say
from plumbline.evidence.document.schema import find_schema
from plumbline.faces.commands.terminal import tell


def run(arguments: list[str]) -> int:
    """Run the verb; returns 0. Raises: InputError if the folder holds no DCC 3.3.0 schema."""
    if arguments[:2] != ["schema", "install"] or len(arguments) != 3:
        raise InputError(say("dcc 的用法不对"), remedy=say("写成 plumbline dcc schema install 文件夹"))
    source = Path(arguments[2])
    if find_schema(source) is None:
        raise InputError(
            say("{folder} 里没有 DCC 3.3.0 的架构文件", folder=source), remedy=say("给出含有 v3.3.0/dcc.xsd 的文件夹")
        )
    target = Path(settings.PLUMBLINE_DCC_SCHEMA_DIR)
    shutil.copytree(source, target, dirs_exist_ok=True)
    tell(say("架构文件已放入 {folder}，以后签发时逐份核对", folder=target))
    return 0
