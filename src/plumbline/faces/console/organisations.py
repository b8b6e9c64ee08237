"""The page of an organisation with its seal, scopes, people, qualifications and sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts, QualificationFacts
from plumbline.domain.journal import queries as journal
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.registers import queries as registers
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.console.act_words import act_story
from plumbline.faces.console.reach import is_near, reaches
from plumbline.faces.console.register_entries import FORMS
from plumbline.faces.console.shell import Place, may, officer, page, require_right
from plumbline.faces.console.words import standard_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.shapes import Crumb, Doing
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import catalogue

PEOPLE_MOST = 200
PARTS_MOST = 200
STORY_MOST = 50


@dataclass(frozen=True)
class Line:
    """One line of a section: its cells, and the state of its span where it has one."""

    cells: Sequence[str]
    kind: str = ""
    word: str = ""


@dataclass(frozen=True)
class Part:
    """A section of the page: its heads and lines, what is said while there are none, and what may be added."""

    anchor: str
    title: str
    heads: Sequence[str]
    lines: Sequence[Line]
    none: str
    doing: Sequence[Doing]
    symbol: str = "list"
    note: str = ""

    @property
    def rows(self) -> list[tuple[list[tuple[str, str]], Line]]:
        """Each line with its cells under their heads; the last head is that of the state."""
        return [(list(zip(self.heads, line.cells, strict=False)), line) for line in self.lines]


@officer
def organisation(request: HttpRequest, actor: Actor, *, uscc: str) -> HttpResponse:
    """Show an organisation; who works in it is shown to its own people and to the offices of its area."""
    require_right(actor, "register.read")
    try:
        found = directory.organisation_by_uscc(uscc)
    except InputError as err:
        raise Hidden(say("没有这个单位，或者您无权查看"), remedy=say("从单位名单里重新选择")) from err
    parts = [*_institution_parts(actor, found)] if found.institution_code else []
    if is_near(actor, found):
        parts.append(_people(actor, found))
    parts.append(_sites(actor, found))
    context = {
        "organisation": found,
        "over": _("检定机构 {code}").format(code=found.institution_code) if found.institution_code else _("使用单位"),
        "facts": _facts(found),
        "warnings": [directory.warning_text(code) for code in found.warnings],
        "parts": parts,
        "story": act_story(_acts(found), now=timezone.now())[:STORY_MOST],
    }
    crumbs = [Crumb(_("单位名录"), reverse("console:organisations")), Crumb(found.name_zh)]
    return page(request, "organisation", context=context, place=Place("organisations", crumbs))


def _acts(found: OrganisationFacts) -> list[ActFacts]:
    """Return the acts on an organisation and on what belongs to it, in order: one query of the journal."""
    ids = [found.id, *(each.id for each in registers.sites_of(found.id)[:PARTS_MOST])]
    ids += [each.id for each in registers.scopes_of(found.id)[:PARTS_MOST]]
    ids += [each.id for each in directory.qualifications_of(found.id)[:PARTS_MOST]]
    ids += [each.id for each in directory.people_of(found.id, most=PEOPLE_MOST)]
    acts = [act for story in journal.acts_of_many(ids).values() for act in story]
    return sorted(acts, key=lambda act: (act.at, act.id))


def _facts(found: OrganisationFacts) -> list[tuple[str, str]]:
    area = " / ".join(each.name for each in reversed(directory.path(found.region_code)))
    lines = [
        (_("统一社会信用代码"), found.uscc), (_("英文名称"), found.name_en),
        (_("行政区划"), f"{found.region_code} {area}"), (_("授权证书号"), found.authorisation_no),
        (_("地址"), found.address_zh), (_("英文地址"), found.address_en), (_("邮政编码"), found.postcode),
        (_("电话"), found.phone), (_("电子邮箱"), found.mail),
    ]  # fmt: skip
    return [(label, value) for label, value in lines if value]


def _institution_parts(actor: Actor, found: OrganisationFacts) -> list[Part]:
    seals = [
        Line([each.key_id, *_days(each.valid_from, each.valid_to)], *_state(each.valid_from, each.valid_to))
        for each in ledger.seals_of(found.id)
    ]
    scopes = [
        Line(
            [_category(each.category), f"{each.region_code} {directory.path(each.region_code)[0].name}",
             each.authorisation_no, each.range_text, *_days(each.valid_from, each.valid_to)],
            *_state(each.valid_from, each.valid_to),
        )
        for each in registers.scopes_of(found.id)
    ]  # fmt: skip
    days = [_("起始日期"), _("终止日期"), _("状态")]
    return [
        Part("seals", _("印章"), [_("密钥编号"), *days], seals, _("还没有公布印章，这个机构不能签发证书"),
             _offered(actor, found, "seal"), "lock", _("密钥编号和公开日志里的一致")),
        Part("scopes", _("检定项目"), [_("类别"), _("地区"), _("授权文件号"), _("测量范围"), *days], scopes,
             _("还没有授予检定项目"), _offered(actor, found, "scope"), "cert"),
    ]  # fmt: skip


def _people(actor: Actor, found: OrganisationFacts) -> Part:
    held: dict[UUID, list[QualificationFacts]] = {}
    for each in directory.qualifications_of(found.id):
        held.setdefault(each.person_id, []).append(each)
    people = {each.id: each for each in directory.people_of(found.id, most=PEOPLE_MOST)}
    people |= directory.people(held.keys() - people.keys())
    lines = []
    for person in people.values():
        lines += [
            Line(
                [person.name_zh, _category(each.category), each.number, *_days(each.valid_from, each.valid_to)],
                *_state(each.valid_from, each.valid_to),
            )
            for each in held.get(person.id, [])
        ] or [Line([person.name_zh, *[formats.DASH] * 4], "unk", _("没有资格"))]
    heads = [_("姓名"), _("资格类别"), _("资格证书编号"), _("起始日期"), _("终止日期"), _("状态")]
    names = ("person", "qualification") if found.institution_code else ("person",)
    note = _("只列前 {n} 人").format(n=PEOPLE_MOST) if len(people) >= PEOPLE_MOST else ""
    return Part(
        "people", _("人员和资格"), heads, lines, _("还没有登记人员"), _offered(actor, found, *names), "people", note
    )


def _sites(actor: Actor, found: OrganisationFacts) -> Part:
    lines = [
        Line([each.name_zh, f"{each.region_code} {directory.path(each.region_code)[0].name}", each.address_zh])
        for each in registers.sites_of(found.id)
    ]
    heads = [_("名称"), _("行政区划"), _("地址")]
    doing = _offered(actor, found, "site")
    if may(actor, "register.edit"):
        address = f"{reverse('console:register_instrument')}?{urlencode({'owner': found.uscc})}"
        doing += [Doing(_("登记器具"), address)] if lines else []
    return Part("sites", _("使用地点"), heads, lines, _("没有您能看到的地点"), doing, "map")


def _offered(actor: Actor, found: OrganisationFacts, *names: str) -> list[Doing]:
    """Return the forms on an organisation that an actor may open, the organisation filled in."""
    return [_doing(name, found) for name in names if reaches(actor, FORMS[name].right, organisation=found)]


def _doing(name: str, found: OrganisationFacts | None = None) -> Doing:
    address = reverse("console:register", args=[name])
    if found:
        is_body = any(field.name == "institution" for field in FORMS[name].first)
        address += "?" + urlencode({"institution": found.institution_code} if is_body else {"organisation": found.uscc})
    return Doing(text_of(FORMS[name].button), address)


def _state(valid_from: date, valid_to: date) -> tuple[str, str]:
    return standard_state(valid_from, valid_to, today=timezone.localdate())


def _days(valid_from: date, valid_to: date) -> tuple[str, str]:
    return formats.day(valid_from), formats.day(valid_to)


def _category(code: str) -> str:
    if not catalogue.exists(code):
        return code
    each = catalogue.by_code(code)
    return f"{code} {each.en if formats.is_english() else each.zh}"
