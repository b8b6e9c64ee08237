"""What a list of the console has besides the list itself: its line of the side bar, its buttons, its empty words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.rows.listing.spec import ListSpec
from plumbline.faces.kit.lists import ListFace, ListView
from plumbline.faces.kit.shapes import Crumb, Doing


@dataclass(frozen=True)
class Listed:
    """A list of the console. none: said where nothing matches; nothing: where nothing is there yet; doing: what may be
    added; further: lists beside this one; about: a sentence above it; note: one below it; imports: pages that bring its
    rows in from a file; above: the way to it."""

    face: ListFace
    line: str
    none: str
    doing: Sequence[Doing] = ()
    further: Sequence[Doing] = field(default_factory=tuple)
    note: str = ""
    about: str = ""
    imports: Sequence[Doing] = ()
    above: Sequence[Crumb] = ()
    nothing: str = ""

    def answer_of(self, found: ListView) -> str:
        """Return what the page of the list says first."""
        if found.lines:
            return found.count
        if found.faults:
            return _("没有可看的")
        return (found.is_bare and self.nothing) or self.none


def base_of(spec: ListSpec) -> str:
    """Return the address under which a list has its files, saved views and bulk acts."""
    return reverse("console:list", args=[spec.name])
