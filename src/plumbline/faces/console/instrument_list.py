"""The list of instruments: what each is, whose, where, and until when it is good."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.rows.listing.spec import Column, Kind, Row
from plumbline.errors import say
from plumbline.faces.console.bulk_acts import offers_of
from plumbline.faces.console.list_face import Listed, base_of
from plumbline.faces.console.shell import may
from plumbline.faces.console.words import validity
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.evaluation_view import issued_points
from plumbline.faces.kit.import_kinds import RIGHT
from plumbline.faces.kit.lists import ListFace
from plumbline.faces.kit.shapes import Doing


def listed(actor: Actor, today: date) -> Listed:
    """Return the list as the console shows it."""
    spec = certificates.list_of_instruments(today).extended(
        columns=(Column("error", say("最近误差 %"), Kind.DECIMAL), Column("standing", say("状态"))),
        joins=(),
        after="valid_until",
    )
    face = ListFace(
        spec,
        reverse("console:instruments"),
        base_of(spec),
        cells={"error": _error, "standing": lambda row: _standing(row, today)},
        needs={"error": ("document",), "standing": ("document", "state", "category")},
        link=lambda row: reverse("console:instrument", args=[row["identity"]]),
        symbol="gauge",
        offers=offers_of(actor, spec.name),
    )
    doing = [Doing(_("登记器具"), reverse("console:register_instrument"))] if may(actor, "register.edit") else []
    further = [Doing(_("按到期先后看"), reverse("console:standings"))]
    names = {"instruments": _("导入器具"), "calibrations": _("导入外部校准记录")} if may(actor, RIGHT) else {}
    imports = [Doing(label, reverse(f"console:{name}_import")) for name, label in names.items()]
    return Listed(
        face, "instruments", _("没有符合条件的器具"), doing, further, imports=imports, nothing=_("还没有登记器具")
    )


def _error(row: Row) -> Cell:
    """Return the worst error of the newest document."""
    document = row.get("document")
    points = issued_points(document.facts) if document else []
    worst = max(points, key=lambda point: abs(float(point.error or 0)), default=None)
    if worst is None or not worst.error:
        return Cell(formats.DASH, css="n")
    return Cell(formats.signed(worst.error), css=f"n {worst.kind}".strip(), value=Decimal(worst.error))


def _standing(row: Row, today: date) -> Cell:
    kind, word = validity(row.get("document"), row["state"], category=row["category"], today=today)
    return Cell(word, kind=kind)
