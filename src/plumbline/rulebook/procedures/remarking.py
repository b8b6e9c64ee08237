"""Remarks line by line: whoever returns an application for correction may tie what is to be mended to its questions.

No file has to ask for it: each act of who decides after which the applicant amends the application takes remarks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from plumbline.errors import Term
from plumbline.rulebook.forms import Choice, Field
from plumbline.rulebook.procedures.acts import Act

REMARKS, ABOUT, REMARK = "line_remarks", "about", "remark"
"""The key of the group of remarks, and of its two fields: which question, and what is to be mended."""


def with_remarks(acts: Mapping[str, Act]) -> dict[str, Act]:
    """Return the acts of a procedure, those that return the application with a place for remarks on each question."""
    amended = {state for act in acts.values() if act.amends for state in act.from_states}
    opening = next((act for act in acts.values() if act.opens), None)
    if opening is None:
        return dict(acts)
    asked = _remarks(opening)
    return {
        name: replace(act, form=(*act.form, asked))
        if act.to in amended and not act.is_applicants and not act.is_eithers
        else act
        for name, act in acts.items()
    }


def _remarks(opening: Act) -> Field:
    about = replace(
        Field.long_text(ABOUT, Term("哪一项", "Which question")),
        type="choice",
        choices=tuple(Choice(each.key, each.zh, each.en) for each in opening.form),
    )
    remark = Field.long_text(REMARK, Term("要改什么", "What to mend"))
    group = Field.long_text(REMARKS, Term("逐条意见", "Line by line"))
    return replace(group, type="group", is_required=False, fields=(about, remark))
