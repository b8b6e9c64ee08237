"""What later acts of a case said, as its readers may know it, and how files of a form are taken in."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.files.models import Blob
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.faces.kit.answers import answer_of, handed_in, said_in
from plumbline.faces.kit.attached import Uploads, lines, taken
from plumbline.rulebook import procedures
from tests.world import World, moment

PDF, OTHER = b"%PDF-1.7 one", b"%PDF-1.7 two"
APPOINTED = {"assessors": [{"name": "测试丙", "house": "测试机构", "field": "化学"}]}
FIELDS = procedures.load("standard_examination").fields


@pytest.fixture
def case(world: World) -> CaseFacts:
    """A case in which the deciding house has named people."""
    edition = "1"  # by which assessors are named; later ones are drawn
    owner, body = world.organisations["company"], world.organisations["bureau"]
    return CaseFacts(
        id=uuid4(), number="2026-000001", procedure="cma_accreditation", edition=edition, owner_id=owner, body_id=body,
        region_code="330300", title="测试", details={}, opened_at=moment(), state="reviewing", sequence=2,
        clock_from=None, due_on=None, ended_at=None, people={}, told={"2": APPOINTED},
    )  # fmt: skip


def done(by: UUID) -> ActFacts:
    return ActFacts(
        id=uuid4(), subject_id=uuid4(), name="appoint_assessors", sequence=2, person_id=uuid4(), person_name="测试",
        role="", organisation_id=by, at=moment(), data={"form": {"way": "remote"}},
    )  # fmt: skip


def test_whom_the_deciding_house_names_is_not_told_to_who_applied(world: World, case: CaseFacts) -> None:
    act = done(case.body_id)
    readers = [world.actor("official"), world.actor("owner")]
    assert [said_in(case, act, reader=each) for each in readers] == [{"way": "remote", **APPOINTED}, {"way": "remote"}]


def test_whom_an_act_of_ones_own_names_is_told(world: World, case: CaseFacts) -> None:
    assert said_in(case, done(case.owner_id), reader=world.actor("owner"))["assessors"] == APPOINTED["assessors"]


def test_what_was_handed_in_is_shown_with_its_people(world: World, case: CaseFacts) -> None:
    story = (replace(done(case.owner_id), sequence=1), done(case.body_id))
    (handed,) = handed_in(case, story, reader=world.actor("official"), address="")
    (answered,) = handed.answers
    assert [each.words for each in answered.rows[0]] == ["测试丙", "测试机构", "化学"]


def test_a_no_in_a_row_is_an_answer() -> None:
    group = replace(FIELDS["persons"], fields=(FIELDS["is_highest"],))
    assert [each.words for each in answer_of(group, [{"is_highest": False}]).rows[0]] == ["否"]


def sent(content: bytes) -> Uploads:
    return MultiValueDict({"report": [SimpleUploadedFile("报告.pdf", content)]})


@pytest.mark.parametrize(("many", "kept"), [(False, [OTHER]), (True, [PDF, OTHER])])
def test_where_a_field_has_one_file_the_new_one_replaces_it(world: World, *, many: bool, kept: list[bytes]) -> None:
    actor, field = world.actor("owner"), replace(FIELDS["report"], many=many)
    first = taken(field, "report", tokens=(), sent=sent(PDF), actor=actor)
    tokens = [each.token for each in lines(first, actor)]
    both = taken(field, "report", tokens=tokens, sent=sent(OTHER), actor=actor)
    assert [each["sha256"] for each in both] == [hashlib.sha256(each).hexdigest() for each in kept]


def test_what_is_of_no_kind_the_field_takes_is_named_and_not_kept(world: World) -> None:
    (named,) = taken(FIELDS["report"], "report", tokens=(), sent=sent(b"no pdf at all"), actor=world.actor("owner"))
    with scoped(EVERYTHING):
        assert (named["kind"], Blob.objects.filter(sha256=named["sha256"]).exists()) == ("text", False)
