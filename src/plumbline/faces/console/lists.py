"""Every list of the console by name: which specification it shows, where its rows lead, what stands beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, RoleFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.directory import queries as directory
from plumbline.domain.notices import queries as notices
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.queries.entries import START
from plumbline.domain.rows.listing.spec import Column, Kind, ListSpec, Row
from plumbline.errors import Hidden, say
from plumbline.faces.console import audit, case_list, entry_list, instrument_list, standings
from plumbline.faces.console.list_face import Listed, base_of
from plumbline.faces.console.register_entries import FORMS
from plumbline.faces.console.shell import may
from plumbline.faces.console.words import standard_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.cells import Cell
from plumbline.faces.kit.evaluation_view import issued_points
from plumbline.faces.kit.import_kinds import RIGHT
from plumbline.faces.kit.lists import ListFace, Show
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Doing
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import roles


def listed(name: str, actor: Actor) -> Listed:
    """Return a list by its name. Raises: Hidden for a name that no list has."""
    if name.startswith(START):
        return entry_list.listed(actor, timezone.localdate(), register_id=name.removeprefix(START))
    if name not in LISTS:
        raise Hidden(say("没有这个清单"), remedy=say("从左边各项里进入"))
    return LISTS[name](actor, timezone.localdate())


def _certificates(_actor: Actor, today: date) -> Listed:
    spec = certificates.list_of_certificates(today).extended(
        columns=(Column("errors", say("误差 %")),), joins=(), after="body"
    )
    face = ListFace(
        spec,
        reverse("console:certificates"),
        base_of(spec),
        cells={"instrument": _instrument, "site": _site, "errors": _errors},
        needs=dict.fromkeys(("instrument", "site", "errors"), ("document",)),
        link=lambda row: reverse("console:certificate", args=[row["number"]]),
        symbol="cert",
    )
    return Listed(face, "certificates", _("没有符合条件的证书"))


def _said(row: Row) -> Mapping[str, object]:
    document: CertificateFacts = row["document"]
    part = document.facts.get("instrument", {})
    return part if isinstance(part, Mapping) else {}


def _instrument(row: Row) -> Cell:
    said = _said(row)
    return Cell(" ".join(str(said[key]) for key in ("position", "model", "serial") if said.get(key)) or formats.DASH)


def _site(row: Row) -> Cell:
    return Cell(str(_said(row).get("place") or formats.DASH), css="sub")


def _errors(row: Row) -> Cell:
    points = issued_points(row["document"].facts)
    is_bad = any(point.kind for point in points)
    return Cell("  ".join(formats.signed(point.error) for point in points), css="n bad" if is_bad else "n")


def _organisations(actor: Actor, _today: date) -> Listed:
    spec = directory.list_of_organisations()
    is_office = may(actor, "register.edit") and roles.by_code(actor.role).reach == "region"
    doing = [_form(name) for name in ("institution", "organisation") if is_office]
    further = [Doing(text_of(each.title), reverse("console:list", args=[each.name])) for each in _beside()]
    face = _face(spec, url=reverse("console:organisations"), link=lambda row: _organisation(row["uscc"]), symbol="map")
    imports = [Doing(_("导入单位"), reverse("console:organisations_import"))] if is_office and may(actor, RIGHT) else []
    return Listed(face, "organisations", _("没有符合条件的单位"), doing, further, imports=imports)


def _beside() -> tuple[ListSpec, ...]:
    """Return the lists that stand beside that of organisations: of what belongs to them."""
    return (
        registers.list_of_sites(), registers.list_of_scopes(), directory.list_of_people(),
        directory.list_of_qualifications(),
    )  # fmt: skip


def _sites(_actor: Actor, _today: date) -> Listed:
    face = _face(registers.list_of_sites(), link=lambda row: _organisation(row["owner__uscc"], "sites"), symbol="map")
    return Listed(face, "organisations", _("没有符合条件的地点"))


def _scopes(_actor: Actor, today: date) -> Listed:
    link = lambda row: _organisation(row["institution__uscc"], "scopes")  # noqa: E731  # a value of the face
    face = _face(_lasting(registers.list_of_scopes()), link=link, symbol="cert", cells=_state_cells(today))
    return Listed(face, "organisations", _("没有符合条件的项目"))


def _people(_actor: Actor, _today: date) -> Listed:
    link = lambda row: _organisation(row["organisation__uscc"], "people")  # noqa: E731  # a value of the face
    return Listed(
        _face(directory.list_of_people(), link=link, symbol="people"), "organisations", _("没有符合条件的人员")
    )


def _qualifications(_actor: Actor, today: date) -> Listed:
    link = lambda row: _organisation(row["institution__uscc"], "people")  # noqa: E731  # a value of the face
    spec = _lasting(directory.list_of_qualifications())
    face = _face(spec, link=link, symbol="people", cells=_state_cells(today))
    return Listed(face, "organisations", _("没有符合条件的资格"))


def _standards(actor: Actor, today: date) -> Listed:
    spec = _lasting(registers.list_of_standards())
    doing = [_form(name) for name in ("standard", "standard-certificate")] if may(actor, "standard.edit") else []
    link = lambda row: reverse("console:standard", args=[row["id"]])  # noqa: E731  # a value of the face
    face = _face(spec, url=reverse("console:standards"), link=link, symbol="std", cells=_state_cells(today))
    note = _("过期的计量标准在录入时不能选；用了它的记录会被拒绝。")
    return Listed(face, "standards", _("没有登记计量标准"), doing, note=note)


def _accounts(_actor: Actor, today: date) -> Listed:
    spec = accounts.list_of_accounts()
    cells: dict[str, Show] = {"roles": lambda row: _roles(row, today)}
    link = lambda row: reverse("console:account", args=[row["username"]])  # noqa: E731  # a value of the face
    face = _face(spec, url=reverse("console:accounts"), link=link, symbol="people", cells=cells)
    letters = Doing(text_of(notices.list_of_letters().title), reverse("console:list", args=["letters"]))
    invited = Doing(text_of(credentials.list_of_invitations().title), reverse("console:list", args=["invitations"]))
    doing, further = [_form("invite"), _form("account")], [invited, letters]
    return Listed(face, "accounts", _("没有符合条件的账号"), doing, further)


def _roles(row: Row, today: date) -> Cell:
    lines = [role_line(each, today) for each in row["roles"]]
    return Cell("", lines=lines) if lines else Cell(_("没有角色"))


def role_line(held: RoleFacts, today: date) -> Cell:
    """Return a role of an account in words: for whom, where, and its state on a day."""
    kind, word = ("ok", _("可用")) if held.holds(today) else ("unk", _("已停"))
    if held.valid_from > today:
        word = _("还没有生效")
    elif held.valid_to and held.holds(today):
        word = _("到 {day}").format(day=held.valid_to.isoformat())
    house = formats.either(held.organisation_name, held.organisation_name_en)
    words = " · ".join(part for part in (role_words(held.role), house, held.region_code) if part)
    return Cell(words, kind=kind, value=word)


def _face(
    spec: ListSpec, *, url: str = "", link: Callable[[Row], str], symbol: str, cells: Mapping[str, Show] | None = None
) -> ListFace:
    base = base_of(spec)
    return ListFace(spec, url or base, base, cells=cells or {}, link=link, symbol=symbol)


def _form(name: str) -> Doing:
    return Doing(text_of(FORMS[name].button), reverse("console:register", args=[name]))


def _lasting(spec: ListSpec) -> ListSpec:
    """Return a list of what lasts from one day to another with the state of that span."""
    return spec.extended(columns=(Column("standing", say("状态"), Kind.TEXT),), joins=(), after="valid_to")


def _state_cells(today: date) -> dict[str, Show]:
    def shown(row: Row) -> Cell:
        if row["valid_to"] is None:
            return Cell(_("没有证书"), kind="unk")
        kind, word = standard_state(row["valid_from"], row["valid_to"], today=today)
        return Cell(word, kind=kind)

    return {"standing": shown}


def _organisation(uscc: str | None, part: str = "") -> str:
    if not uscc:
        return ""
    return reverse("console:organisation", args=[uscc]) + (f"#{part}" if part else "")


def _invitations(_actor: Actor, _today: date) -> Listed:
    link = lambda row: reverse("console:invitation", args=[row["id"]])  # noqa: E731  # a value of the face
    face = _face(credentials.list_of_invitations(), link=link, symbol="mail")
    return Listed(face, "accounts", _("没有等着用的邀请"), [_form("invite")])


def _letters(_actor: Actor, _today: date) -> Listed:
    face = _face(notices.list_of_letters(), link=lambda _row: "", symbol="mail")
    note = "" if notices.is_mail_set_up() else _("本平台还没有设置发邮件：没有邮件会写出来。")
    return Listed(face, "accounts", note or _("没有符合条件的邮件"), note=note)


LISTS: dict[str, Callable[[Actor, date], Listed]] = {
    "instruments": instrument_list.listed,
    "cases": case_list.listed,
    "certificates": _certificates,
    "organisations": _organisations,
    "sites": _sites,
    "scopes": _scopes,
    "people": _people,
    "qualifications": _qualifications,
    "standards": _standards,
    "standings": standings.listed,
    "audit": audit.listed,
    "accounts": _accounts,
    "invitations": _invitations,
    "letters": _letters,
}
"""To add a list: its specification in the room of its rows, and a line here."""
