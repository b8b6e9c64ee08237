"""The instruments behind a figure: which they are, whose, where, and until when they are good."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.indicators import queries
from plumbline.faces.console.list_face import Listed, base_of
from plumbline.faces.kit.lists import ListFace
from plumbline.faces.kit.shapes import Doing


def listed(_actor: Actor, today: date) -> Listed:
    """Return the list as the console shows it."""
    spec = queries.list_of_standings(today)
    face = ListFace(
        spec,
        reverse("console:standings"),
        base_of(spec),
        link=lambda row: reverse("console:instrument", args=[row["identity"]]),
        symbol="gauge",
    )
    further = [Doing(_("回到看板"), reverse("console:figures"))]
    note = _("登记和证书的变化一分钟内计入这个清单。")
    return Listed(face, "figures", _("没有符合条件的器具"), further=further, note=note)
