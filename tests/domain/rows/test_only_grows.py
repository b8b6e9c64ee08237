"""Tables that only grow refuse every change, to the application by right and to the owner by a trigger."""

from __future__ import annotations

import pytest
from django.db import connection

from plumbline.config.postgres_roles import APP, OWNER
from tests.domain.databases import sqlstate

pytestmark = pytest.mark.django_db
ONLY_GROW = {
    "cases_raised", "certificates_certificate", "certificates_outcome", "certificates_outcomeevent",
    "certificates_outsidecalibration", "certificates_publishedstatus",
    "certificates_statusevent", "directory_qualification", "files_blob", "journal_act", "laboratory_rawrecord",
    "indicators_report", "ledger_checkpoint", "ledger_entry", "ledger_era", "ledger_queueitem", "ledger_statement",
    "partners_answer", "partners_package", "registers_attestation", "registers_definition", "registers_entry",
    "registers_scope", "registers_standardcertificate",
}  # fmt: skip
NO_RIGHT, ONLY_GROWS = "42501", "23000"


def statement(verb: str, table: str) -> str:
    """Return a statement of a verb that would change every row of a table."""
    with connection.cursor() as cursor:
        cursor.execute("select attname from pg_attribute where attrelid = %s::regclass and attnum = 1", [table])
        column = (cursor.fetchone() or ("",))[0]
    return {
        "update": f"update {table} set {column} = {column}",  # noqa: S608  # names of this file
        "delete": f"delete from {table}",  # noqa: S608  # names of this file
        "truncate": f"truncate {table} cascade",
    }[verb]


def test_the_tables_that_only_grow_are_these() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select tgrelid::regclass::text from pg_trigger where tgname like '%only_grows'")
        assert {name for (name,) in cursor.fetchall()} == ONLY_GROW


@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_the_application_has_no_right_to_change_what_only_grows(verb: str) -> None:
    assert {sqlstate(APP, statement(verb, table)) for table in ONLY_GROW} == {NO_RIGHT}


@pytest.mark.parametrize("verb", ["update", "delete", "truncate"])
def test_the_owner_is_told_that_the_table_only_grows(verb: str) -> None:
    assert {sqlstate(OWNER, statement(verb, table)) for table in ONLY_GROW} == {ONLY_GROWS}


def test_the_application_may_not_disable_the_trigger() -> None:
    assert sqlstate(APP, "alter table journal_act disable trigger all") == NO_RIGHT


def test_the_application_may_not_lift_security() -> None:
    assert sqlstate(APP, "alter table journal_act no force row level security") == NO_RIGHT
