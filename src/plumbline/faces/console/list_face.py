"""What a list of the console has besides the list itself: its line of the side bar, its buttons, its empty words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from plumbline.domain.rows.listing.spec import ListSpec
from plumbline.faces.kit.lists import ListFace


@dataclass(frozen=True)
class Doing:
    """A page that may be opened from a list: the words of its button and its address."""

    label: str
    url: str


@dataclass(frozen=True)
class Listed:
    """A list of the console. doing: what may be added; further: lists beside this one; note: a sentence below it."""

    face: ListFace
    line: str
    none: str
    doing: Sequence[Doing] = ()
    further: Sequence[Doing] = field(default_factory=tuple)
    note: str = ""


def base_of(spec: ListSpec) -> str:
    """Return the address under which a list has its files, saved views and bulk acts."""
    return reverse("console:list", args=[spec.name])
