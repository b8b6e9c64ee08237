"""The scope of a transaction: it narrows, it nests, and it never reaches the next transaction."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from plumbline.domain.cases.models import Case
from plumbline.domain.rows import scope
from plumbline.domain.rows.scope import EVERYTHING, NOTHING, RequestScope, Scope, scoped
from tests.world import World


def cases_seen() -> int:
    """Return how many cases the running transaction sees."""
    return Case.objects.count()


def change_and_fail() -> None:
    """Change every case that is seen, then fail."""
    Case.objects.update(title="changed")
    raise ZeroDivisionError


@pytest.fixture
def applied(world: World) -> World:
    """Give a world with one case."""
    world.apply()
    return world


def test_a_scope_outside_a_transaction_is_refused(applied: World) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        scope.apply(EVERYTHING)


def test_the_owner_sees_their_case(applied: World) -> None:
    with scoped(Scope(organisations=(applied.organisations["company"],))):
        assert cases_seen() == 1


def test_the_area_sees_the_case_by_its_region(applied: World) -> None:
    with scoped(Scope(regions=("330302",))):
        assert cases_seen() == 1


def test_another_area_does_not_see_the_case(applied: World) -> None:
    with scoped(Scope(regions=("330303", "330300"))):
        assert cases_seen() == 0


def test_the_next_transaction_on_the_connection_sees_nothing(applied: World) -> None:
    with scoped(EVERYTHING):
        cases_seen()
    with transaction.atomic():
        assert cases_seen() == 0


def test_a_statement_after_the_transaction_sees_nothing(applied: World) -> None:
    with scoped(EVERYTHING):
        cases_seen()
    assert cases_seen() == 0


def test_a_transaction_that_failed_leaves_no_scope_behind(applied: World) -> None:
    with pytest.raises(ZeroDivisionError), scoped(EVERYTHING):
        raise ZeroDivisionError
    with transaction.atomic():
        assert cases_seen() == 0


def test_the_inner_scope_holds_inside(applied: World) -> None:
    with scoped(NOTHING), scoped(EVERYTHING):
        assert cases_seen() == 1


def test_the_outer_scope_holds_again_after_the_inner(applied: World) -> None:
    with scoped(NOTHING):
        with scoped(EVERYTHING):
            cases_seen()
        assert cases_seen() == 0


def test_the_outer_scope_holds_again_after_the_inner_failed(applied: World) -> None:
    with scoped(EVERYTHING):
        with pytest.raises(ZeroDivisionError), scoped(NOTHING):
            raise ZeroDivisionError
        assert cases_seen() == 1


def test_the_outer_scope_holds_again_after_the_inner_met_a_database_error(applied: World) -> None:
    with scoped(EVERYTHING):
        with pytest.raises(Exception, match="division by zero"), scoped(NOTHING), connection.cursor() as cursor:
            cursor.execute("select 1/0")
        assert cases_seen() == 1


def test_what_an_inner_scope_wrote_falls_with_its_failure(applied: World) -> None:
    with scoped(EVERYTHING):
        with pytest.raises(ZeroDivisionError), scoped(EVERYTHING):
            change_and_fail()
        assert not Case.objects.filter(title="changed").exists()


def test_a_request_sees_nothing_until_the_actor_is_known(applied: World) -> None:
    answer = RequestScope(lambda _: HttpResponse(str(cases_seen())))(HttpRequest())
    assert getattr(answer, "content", b"") == b"0"


def test_an_answer_of_500_undoes_what_the_request_wrote(applied: World) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        scope.apply(EVERYTHING)
        Case.objects.update(title="changed")
        return HttpResponse(status=500)

    RequestScope(view)(HttpRequest())
    with scoped(EVERYTHING):
        assert not Case.objects.filter(title="changed").exists()


def test_a_refused_request_keeps_what_it_wrote_before(applied: World) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        scope.apply(EVERYTHING)
        Case.objects.update(title="changed")
        return HttpResponse(status=409)

    RequestScope(view)(HttpRequest())
    with scoped(EVERYTHING):
        assert Case.objects.filter(title="changed").count() == 1
