"""The simple registers: which there are, and the list of one. Columns, filters and words follow from its file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.accounts.types import Actor
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.rows.listing import paging
from plumbline.domain.rows.listing.spec import Condition, Operator, Wanted
from plumbline.faces.console.list_face import Listed, base_of
from plumbline.faces.console.shell import Phrase, Place, may, officer, page
from plumbline.faces.kit import entries as words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.lists import ListFace, count_words
from plumbline.faces.kit.shapes import Crumb, Doing
from plumbline.rulebook import registers as rulebook
from plumbline.rulebook.registers import Register


@dataclass(frozen=True)
class RegisterLine:
    """One register in the overview: how many of it count in the reader's area today, as far as counted."""

    name: str
    about: str
    count: str
    url: str
    is_public_part: bool


@officer
def registers(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show every register this reader may open, with how many entries count today in their area."""
    today = timezone.localdate()
    lines = [line for each in rulebook.all_registers().values() if (line := _line(actor, each, today=today))]
    context = {
        "phrases": [Phrase(ngettext("{n} 个名册", "{n} 个名册", len(lines)).format(n=len(lines)))],
        "lines": lines,
    }
    return page(request, "registers", context=context, place=Place("registers", [Crumb(_("名册"))]))


def listed(actor: Actor, today: date, *, register_id: str) -> Listed:
    """Return the list of a register as the console shows it. Raises: Hidden for no register."""
    register = rulebook.by_id(register_id)
    spec = kept.list_of_entries(register.id, today)
    cells = words.list_cells(register)
    face = ListFace(
        spec,
        reverse("console:entries", args=[register.id]),
        base_of(spec),
        cells=cells,
        needs={key: (key,) for key in cells},
        link=lambda row: reverse("console:entry", args=[register.id, row[kept.NUMBER]]),
    )
    doing, imports = [], []
    if may(actor, f"entry.{register.id}.edit"):
        doing.append(Doing(_("登记一条"), reverse("console:entry_new", args=[register.id])))
        imports.append(Doing(_("从文件导入"), reverse("console:entries_import", args=[register.id])))
    return Listed(face, "registers", _("没有符合条件的条目"), doing, about=words.about(register), imports=imports,
                  above=place(register).crumbs[:1], nothing=_("还没有登记条目"))  # fmt: skip


def place(register: Register, *further: Crumb) -> Place:
    """Return where a page of a register lies."""
    crumbs = [Crumb(_("名册"), reverse("console:registers"))]
    url = reverse("console:entries", args=[register.id]) if further else ""
    return Place("registers", [*crumbs, Crumb(named(register), url), *further])


def _line(actor: Actor, register: Register, *, today: date) -> RegisterLine | None:
    reads = may(actor, f"entry.{register.id}.read")
    if not reads and not register.is_public:
        return None
    url = reverse("console:entries", args=[register.id]) if reads else reverse("public-entries", args=[register.id])
    count = _count(actor, register, today=today) if reads else ""
    return RegisterLine(named(register), words.about(register), count, url, not reads)


def _count(actor: Actor, register: Register, *, today: date) -> str:
    """Return how many entries hold today in a state that counts, as far as they are counted."""
    wanted = Wanted((Condition("state", Operator.ONE_OF, register.counted_states),))
    found = paging.counted(kept.list_of_entries(register.id, today), scope=actor.scope, wanted=wanted)
    return count_words(found)
