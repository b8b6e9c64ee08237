"""The page of a measurement standard: what it is, every certificate it had, and who changed what when."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import queries as journal
from plumbline.domain.registers import queries
from plumbline.domain.registers.types import StandardFacts
from plumbline.faces.console.act_words import act_story
from plumbline.faces.console.organisations import Line, Part
from plumbline.faces.console.shell import Place, officer, page, require_right
from plumbline.faces.console.words import level_word, standard_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.shapes import Crumb
from plumbline.faces.kit.templatetags.kit import text_of


@officer
def standard(request: HttpRequest, actor: Actor, *, standard_id: UUID) -> HttpResponse:
    """Show a measurement standard with its certificates, the newest first, and its story."""
    require_right(actor, "register.read")
    now = timezone.now()
    found = queries.standard(standard_id, timezone.localdate())
    context = {
        "title": formats.either(found.name_zh, found.name_en),
        "over": _("计量标准 {code}").format(code=found.code),
        "facts": _facts(found),
        "parts": [_certificates(found)],
        "story": act_story(journal.acts_of(found.id), now=now),
    }
    crumbs = [Crumb(_("计量标准"), reverse("console:standards")), Crumb(found.code)]
    return page(request, "thing", context=context, place=Place("standards", crumbs))


def _facts(found: StandardFacts) -> list[tuple[str, str]]:
    owner = directory.organisation(found.owner_id)
    category = directory.categories().get(found.category)
    return [
        (_("编号"), found.code),
        (_("机构"), formats.either(owner.name_zh, owner.name_en)),
        (_("类别"), text_of(category.title) if category else found.category),
        (_("级别"), level_word(found.level)),
    ]


def _certificates(found: StandardFacts) -> Part:
    today = timezone.localdate()
    lines = [
        Line(
            [each.certificate_no, each.certified_by, each.range_text, each.uncertainty_text,
             formats.day(each.valid_from), formats.day(each.valid_to)],
            *standard_state(each.valid_from, each.valid_to, today=today),
        )
        for each in queries.certifications_of(found.id)
    ]  # fmt: skip
    heads = [_("溯源证书"), _("出证机构"), _("测量范围"), _("不确定度或等级"), _("起始日期"), _("有效期至"), _("状态")]
    return Part("certificates", _("溯源证书"), heads, lines, _("没有证书"), (), "cert")
