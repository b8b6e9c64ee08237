"""What a list of the console has besides the list itself: its line of the side bar, its buttons, its empty words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from plumbline.domain.rows.listing.spec import ListSpec
from plumbline.faces.kit.lists import ListFace
from plumbline.faces.kit.shapes import Crumb, Doing


@dataclass(frozen=True)
class Listed:
    """A list of the console. doing: what may be added; further: lists beside this one; about: a sentence above it,
    note: one below it; imports: pages that bring its rows in from a file; above: the way to it."""

    face: ListFace
    line: str
    none: str
    doing: Sequence[Doing] = ()
    further: Sequence[Doing] = field(default_factory=tuple)
    note: str = ""
    about: str = ""
    imports: Sequence[Doing] = ()
    above: Sequence[Crumb] = ()


def base_of(spec: ListSpec) -> str:
    """Return the address under which a list has its files, saved views and bulk acts."""
    return reverse("console:list", args=[spec.name])
