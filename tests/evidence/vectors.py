"""Reads the published test vectors beside this file; see vectors/PROVENANCE.md."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any  # the vectors have several shapes

FOLDER = Path(__file__).parent / "vectors"


def load(name: str) -> Any:
    """Return a JSON file of vectors."""
    return json.loads((FOLDER / name).read_text())


def raw(text: str) -> bytes:
    """Return the bytes of base64 text."""
    return base64.b64decode(text)
