"""The rows of the work list as HTML, written here and not in a template: a page has a hundred of them."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from plumbline.faces.console.case_rows import CaseRow
from plumbline.faces.kit.table_cells import clock_cell, state_mark

register = template.Library()


@register.simple_tag
def work_rows(rows: Sequence[CaseRow]) -> SafeString:
    """`{% work_rows group.rows %}`: a row for each case, with the button of its next act."""
    heads = [_("事项"), _("器具"), _("地点"), _("状态"), _("时限"), _("到期")]
    labels = [f' data-label="{conditional_escape(head)}"' for head in heads]
    return mark_safe("".join(_row(row, labels) for row in rows))  # noqa: S308  # every part is ours or escaped below


def _row(row: CaseRow, labels: Sequence[str]) -> str:
    number = conditional_escape(row.number)
    away = f'<br><span class="t13 tx-due">{conditional_escape(row.away)}</span>' if row.away else ""
    act = f'{conditional_escape(row.act)}<span class="vh"> {number}</span>'
    cells = (
        ("", f'<a class="id tn nw" href="{conditional_escape(row.url)}">{number}</a>'),
        (' class="nw"', conditional_escape(row.instruments)),
        ("", conditional_escape(row.title)),
        (' class="nw"', f"{state_mark(row.kind, row.state)}{away}"),
        (' class="n"', clock_cell(row.clock)),
        (' class="n"', conditional_escape(row.due)),
    )
    said = "".join(f"<td{css}{label}>{text}</td>" for (css, text), label in zip(cells, labels, strict=True))
    button = f'<a class="btn" href="{conditional_escape(row.act_url)}">{act}</a>'
    return f'<tr>{said}<td class="wact nw">{button}</td></tr>'
