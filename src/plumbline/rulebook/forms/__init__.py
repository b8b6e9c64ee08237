"""Fields of forms: what a register keeps and what an act asks are typed, named and bounded in one way."""

from plumbline.rulebook.forms.loader import read_field
from plumbline.rulebook.forms.model import (
    ASKED_TYPES,
    BY_DRAW,
    BY_LOAD,
    MOST_CHARACTERS,
    ROW_TYPES,
    Choice,
    Field,
    Section,
)

__all__ = [
    "ASKED_TYPES",
    "BY_DRAW",
    "BY_LOAD",
    "MOST_CHARACTERS",
    "ROW_TYPES",
    "Choice",
    "Field",
    "Section",
    "read_field",
]
