"""Cases of the examination of a measurement standard: a procedure that its file alone runs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID, uuid4

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.files import actions as files
from plumbline.domain.procedures import actions, queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.world import World, moment

NAME = "standard_examination"


def form(**changed: object) -> dict[str, object]:
    """Return a complete application."""
    with scoped(EVERYTHING):
        (sha256,) = files.keep([(b"%PDF-1.7 test", "application/pdf")])
    said: dict[str, object] = {
        "standard_name": "压力标准装置", "kind": "new", "is_highest": "是", "range": "(0~6) MPa",
        "uncertainty": "0.02 级", "traceable_to": "证书 1",
        "regulations": "规程 1；规程 2", "contact_name": "测试甲", "contact_phone": "1",
        "report": [{"sha256": sha256, "name": "报告.pdf", "size": 13, "kind": "pdf"}],
        "persons": [{"name": "测试甲", "qualification": "1"}, {"name": "测试乙", "qualification": "2"}],
    }  # fmt: skip
    return {**said, **changed}


def apply(
    world: World, username: str = "quality", *, key: UUID | None = None, said: Mapping[str, object] | None = None
) -> CaseFacts:
    request = ActRequest("", said or form(), seen=0, request_id=key or uuid4())
    step = partial(actions.apply, found=queries.procedure(NAME), request=request, at=moment())
    return world.do(username, step)


def act(
    world: World, username: str, case: CaseFacts, *, name: str, said: Mapping[str, object] | None = None
) -> CaseFacts:
    with scoped(EVERYTHING):
        seen = cases.case(case.id).sequence
    request = ActRequest(name, said or {}, seen=seen, request_id=uuid4())
    return world.do(username, partial(actions.perform, case_id=case.id, request=request, at=moment()))


def assigned(world: World, case: CaseFacts) -> CaseFacts:
    """Have the examiner assigned to an accepted application."""
    examiner = str(world.actor("examiner").person_id)
    return act(world, "official", case, name="assign_examiner", said={"examiner": examiner})


def examined(world: World, case: CaseFacts | None = None) -> CaseFacts:
    """Take a case, a new one where none is given, as far as the decision."""
    case = act(world, "official", case or apply(world), name="accept")
    case = assigned(world, case)
    case = act(world, "examiner", case, name="review_papers", said={"findings": "齐"})
    return act(world, "examiner", case, name="examine", said={"visited_on": "2026-11-19", "opinion": "pass"})


def passed(world: World) -> CaseFacts:
    """Take a case as far as its certificate."""
    return act(world, "official", examined(world), name="pass")
