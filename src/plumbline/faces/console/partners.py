"""Files for other systems: an office takes one away, and brings their answers in (`imports`, kind answers)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from plumbline.domain.accounts.types import Actor
from plumbline.domain.partners import actions, queries
from plumbline.domain.partners.types import PackageFacts
from plumbline.faces.console.shell import Phrase, Place, officer, page, require_right
from plumbline.faces.kit import formats
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.shapes import Crumb
from plumbline.gateways.partners.model import Partner

CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True)
class RecordLine:
    """A record of a partner: its columns, and how many of them have a known name on the other side."""

    name: str
    columns: str
    known: int


@dataclass(frozen=True)
class PartnerBlock:
    """A partner with what was given to it last."""

    partner: Partner
    name: str
    records: Sequence[RecordLine]
    packages: Sequence[PackageFacts]


@require_safe
@officer
def partners(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the partners, and what this office gave them."""
    require_right(actor, actions.RIGHT)
    blocks = [_block(actor, each) for each in queries.partners()]
    words = ngettext("{n} 个对接系统", "{n} 个对接系统", len(blocks)).format(n=len(blocks))
    context = {
        "phrases": [Phrase(words)],
        "blocks": blocks,
        "answers_url": reverse("console:answers_import"),
        "template_url": reverse("console:answers_import_template"),
    }
    return page(request, "partners", context=context, place=Place("partners", [Crumb(_("对接系统"))]))


@require_POST
@officer
def give(request: HttpRequest, actor: Actor, *, partner_id: str) -> HttpResponseBase:
    """Note that a file is given, and stream it. Raises: AccessError; Hidden."""
    only_new = request.POST.get("which") != "all"
    package = actions.begin_package(actor, partner_id, only_new=only_new, at=timezone.now())
    response = StreamingHttpResponse(queries.content_of(actor, package), content_type=CSV)
    response.headers["Content-Disposition"] = f'attachment; filename="{partner_id}-{package.id}.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _block(actor: Actor, partner: Partner) -> PartnerBlock:
    records = [
        RecordLine(
            named(each),
            formats.joined([named(item) for item in each.items]),
            sum(bool(item.theirs) for item in each.items),
        )
        for each in partner.records
    ]
    return PartnerBlock(partner, named(partner), records, queries.packages_of(actor, partner.id))
