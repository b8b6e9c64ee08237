"""Notices: a sentence for an organisation, seen by it alone, that falls with the act it tells of."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction
from django.utils import translation

from plumbline.domain.accounts.types import Actor, Behalf
from plumbline.domain.notices import actions, queries
from plumbline.domain.notices.models import Notice
from plumbline.domain.notices.types import Addressee
from plumbline.domain.rows.listing.asking import read as read_address
from plumbline.domain.rows.listing.paging import page_of
from plumbline.domain.rows.listing.spec import Wanted
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, Term, say
from plumbline.faces.kit.templatetags.kit import text_of
from tests.world import moment

pytestmark = pytest.mark.django_db


def clerk(number: int) -> Actor:
    """Return somebody of the organisation of that number."""
    nobody = UUID(int=1)
    return Actor(nobody, nobody, UUID(int=number), role="enterprise", name="示例员", organisation_name="示例公司")


def tell(number: int, text: str = "申请 {number} 被退回补正") -> None:
    """Leave a sentence for an organisation, as somebody of another one."""
    with scoped(clerk(99).scope):
        actions.tell(UUID(int=number), say(text, number="2026-000001"), link="/my/cases/1", at=moment())


def tell_and_fail() -> None:
    """Leave a sentence in the running transaction, then fail."""
    tell(5)
    raise ZeroDivisionError


def tell_at(*hours: int) -> None:
    """Leave one sentence an hour."""
    with scoped(EVERYTHING):
        for hour in hours:
            actions.tell(UUID(int=5), say("第 {n} 条", n=hour), link="", at=moment(hour=hour))


def read(number: int) -> list[str]:
    """Return what an organisation reads."""
    with scoped(clerk(number).scope):
        return [str(each.text) for each in queries.latest(clerk(number))]


def test_the_recipient_reads_the_sentence_with_its_values() -> None:
    tell(5)
    assert read(5) == ["申请 2026-000001 被退回补正"]


def test_others_do_not_see_it() -> None:
    tell(5)
    with scoped(clerk(6).scope):
        assert Notice.objects.count() == 0


def test_its_writer_does_not_see_it() -> None:
    tell(5)
    with scoped(clerk(99).scope):
        assert Notice.objects.count() == 0


def test_it_falls_with_the_act_it_tells_of() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell_and_fail()
    with scoped(EVERYTHING):
        assert Notice.objects.count() == 0


def test_it_is_new_until_it_is_marked_as_read() -> None:
    tell(5)
    with scoped(clerk(5).scope):
        before = [each.is_read for each in queries.latest(clerk(5))]
        actions.mark_read(clerk(5), at=moment())
        after = [each.is_read for each in queries.latest(clerk(5))]
    assert (before, after) == ([False], [True])


def test_marking_as_read_leaves_others_notices_new() -> None:
    tell(5)
    tell(6)
    with scoped(clerk(5).scope):
        assert actions.mark_read(clerk(5), at=moment()) == 1
    with scoped(clerk(6).scope):
        assert [each.is_read for each in queries.latest(clerk(6))] == [False]


def test_the_newest_come_first_and_no_more_than_asked() -> None:
    tell_at(1, 2, 3, 4, 5)
    with scoped(clerk(5).scope):
        assert [str(each.text) for each in queries.latest(clerk(5), most=2)] == ["第 5 条", "第 4 条"]


def in_english(number: int) -> list[str]:
    """Return what an organisation reads in English."""
    with scoped(clerk(number).scope), translation.override("en"):
        return [text_of(each.text) for each in queries.latest(clerk(number))]


def test_a_term_of_the_rulebook_is_read_in_the_language_of_its_reader() -> None:
    with scoped(EVERYTHING):
        actions.tell(UUID(int=5), say("账号已开，角色“{role}”", role=Term("检定员", "verifier")), link="", at=moment())
        actions.tell(UUID(int=5), say("{a}", a=Term("甲", "first")), link="", at=moment(hour=9))
    assert (read(5), in_english(5)) == (["账号已开，角色“检定员”", "甲"], ["账号已开，角色“verifier”", "first"])


def test_a_sentence_within_a_sentence_keeps_its_own_values() -> None:
    inner = say("业务 {number}", number=7)
    with scoped(EVERYTHING):
        actions.tell(UUID(int=5), say("{where}：{act}", where=inner, act=Term("受理", "accept")), link="", at=moment())
    assert (read(5), in_english(5)) == (["业务 7：受理"], ["Case 7：accept"])


def test_a_notice_kept_before_terms_had_two_languages_is_read_as_it_was() -> None:
    with scoped(EVERYTHING):
        Notice.objects.create(recipient_id=UUID(int=5), template="角色{role}", params={"role": "检定员"}, at=moment())
    assert in_english(5) == ["角色检定员"]


# ---- the list ------------------------------------------------------------------------------------------------------


def all_pages(size: int) -> list[str]:
    """Return what stands on all pages of an organisation, one after the other."""
    spec, scope = queries.list_of_notices(clerk(5)), clerk(5).scope
    page = page_of(spec, Wanted(), scope=scope, size=size)
    found = [str(row["notice"].text) for row in page.rows]
    while page.next:
        page = page_of(spec, Wanted(token=page.next), scope=scope, size=size)
        found += [str(row["notice"].text) for row in page.rows]
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
def test_every_notice_is_on_one_page_the_newest_first_also_those_of_one_moment(size: int) -> None:
    tell_at(9, 9, 9, 10, 11)
    with scoped(clerk(5).scope):
        assert all_pages(size) == ["第 11 条", "第 10 条", "第 9 条", "第 9 条", "第 9 条"]


def test_a_key_that_is_none_is_an_input_error() -> None:
    with pytest.raises(InputError, match="翻页"), scoped(clerk(5).scope):
        page_of(queries.list_of_notices(clerk(5)), Wanted(token="x"), scope=clerk(5).scope)  # a place, no secret


def test_what_is_for_one_person_is_read_by_them_alone_and_marked_unread_again() -> None:
    other = replace(clerk(5), person_id=UUID(int=2))
    with scoped(EVERYTHING):
        actions.tell_person(Addressee(UUID(int=5), UUID(int=2)), say("轮到您办"), link="", at=moment())
    with scoped(other.scope):
        (told,) = queries.latest(other)
        assert (told.kind, told.is_personal, queries.latest(clerk(5))) == ("work", True, [])
        assert (actions.mark_read(clerk(5), at=moment()), actions.mark_read(other, at=moment())) == (0, 1)
        assert (actions.mark_unread(clerk(5), told.id), actions.mark_unread(other, told.id)) == (0, 1)


def test_who_stands_in_reads_what_is_for_the_person_they_stand_in_for() -> None:
    standing = replace(clerk(5), person_id=UUID(int=3), behalf=Behalf(UUID(int=2), "示例员二"))
    with scoped(EVERYTHING):
        actions.tell_person(Addressee(UUID(int=5), UUID(int=2)), say("轮到您办"), link="", at=moment())
    with scoped(standing.scope):
        assert [str(each.text) for each in queries.latest(standing)] == ["轮到您办"]


def test_a_kind_the_rulebook_has_not_is_refused() -> None:
    with pytest.raises(InputError, match="rumour"), scoped(EVERYTHING):
        actions.tell(UUID(int=5), say("轮到您办"), link="", at=moment(), kind="rumour")


def test_the_list_is_narrowed_by_kind_and_by_what_is_unread() -> None:
    tell_at(1, 2)
    with scoped(EVERYTHING):
        actions.tell(UUID(int=5), say("轮到您办"), link="", at=moment(hour=3), kind="work")
    with scoped(clerk(5).scope):
        newest, *_rest = queries.latest(clerk(5))
        actions.mark_read(clerk(5), at=moment(), only=newest.id)
        spec, scope = queries.list_of_notices(clerk(5)), clerk(5).scope
        work = page_of(spec, read_address(spec, {"kind": ["work"]}), scope=scope)
        unread = page_of(spec, read_address(spec, {"state": ["unread"]}), scope=scope)
        assert ([str(row["notice"].text) for row in work.rows], len(unread.rows)) == (["轮到您办"], 2)
        assert queries.unread_by_kind(clerk(5)) == {"case": 2}


def test_one_notice_is_marked_and_the_others_stay_new() -> None:
    tell_at(1, 2, 3)
    with scoped(clerk(5).scope):
        second = queries.latest(clerk(5))[1]
        actions.mark_read(clerk(5), at=moment(), only=second.id)
        assert [each.is_read for each in queries.latest(clerk(5))] == [False, True, False]
        assert queries.count_unread(clerk(5)) == 2


def test_a_foreign_notice_is_not_marked() -> None:
    tell(5)
    with scoped(EVERYTHING):
        (told,) = Notice.objects.all()
        assert actions.mark_read(clerk(6), at=moment(), only=told.id) == 0
