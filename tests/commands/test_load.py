"""`plumbline load`: rows for a load test that hold every rule, say what they are, and come only into a demo."""

from __future__ import annotations

import hashlib
import json
import shutil
import signal
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client

from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.models import Case
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.models import Certificate
from plumbline.domain.directory.models import Organisation
from plumbline.domain.laboratory.models import Job
from plumbline.domain.registers.models import Instrument
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, StateError, Term
from plumbline.faces.commands import load
from plumbline.faces.commands.load_test.plan import Plan, Sizes
from tests.world import PARTS, copied, moment

SMALL = ["--instruments", "60", "--certificates", "80", "--cases", "40"]
DAY = date(2026, 11, 20)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Be a demo that speaks Chinese; the load takes the signals, and gives them back afterwards."""
    monkeypatch.setattr(settings, "PLUMBLINE_DEMO", True)
    monkeypatch.setenv("PLUMBLINE_LANG", "zh")
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture
def loaded(demo: None, transactional_db: None) -> int:
    """Give a test a fresh copy of a small load; returns the exit code of the command."""
    return copied("loaded", _load)


def _load() -> int:
    for part in PARTS:  # an earlier test may have left a log that this database knows nothing of
        shutil.rmtree(Path(settings.PLUMBLINE_DATA) / part, ignore_errors=True)
    return load.run(SMALL)


def fingerprint() -> str:
    """Return a hash over everything of the loaded rows that does not depend on when they were written."""
    with scoped(EVERYTHING), connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(to_jsonb(t)::text, ' ' order by id) from (select id, identity, lookup_code, serial,"
            " owner_id, site_id, region_code, state from registers_instrument) t"
        )
        (instruments,) = cursor.fetchone() or ("",)
        cursor.execute("select string_agg(id || number || code, ' ' order by id) from certificates_certificate")
        (rows,) = cursor.fetchone() or ("",)
    return hashlib.sha256(json.dumps([instruments, rows]).encode()).hexdigest()


def test_as_many_as_asked_for_are_written(loaded: int) -> None:
    with scoped(EVERYTHING):
        counts = (Instrument.objects.count(), Certificate.objects.count(), Case.objects.count())
    assert (loaded, counts) == (0, (60, 80, 40))


def test_the_acts_of_every_case_fold_to_its_row(loaded: int) -> None:
    with scoped(EVERYTHING):
        rows = [cases.facts(row) for row in Case.objects.select_related("owner", "body")]
        folds = {row.id: cases.folded(row) for row in rows}
    kept = [(row.state, row.sequence, row.ended_at, row.clock_from, dict(row.people)) for row in rows]
    told = [folds[row.id] for row in rows]
    assert kept == [(fold.state, fold.sequence, fold.ended_at, fold.clock_from, dict(fold.people)) for fold in told]
    assert all(row.details.items() >= fold.details.items() for row, fold in zip(rows, told, strict=True))


def test_the_limit_of_every_case_is_the_one_its_acts_give(loaded: int) -> None:
    with scoped(EVERYTHING):
        kept = {row.id: (row.due_on, row.limit_on, row.met_on) for row in Case.objects.all()}
        rows = [cases.facts(row) for row in Case.objects.select_related("owner", "body")]
        folds = {row.id: (cases.limit_of(row), cases.folded(row)) for row in rows}
    last = {key: limit and fold.clock_from and limit.last_day(fold.clock_from) for key, (limit, fold) in folds.items()}
    told = {
        key: (None if fold.clock_stopped_on else last[key], last[key], fold.clock_met_on)
        for key, (_limit, fold) in folds.items()
    }
    assert kept == told


def test_cases_are_in_every_state(loaded: int) -> None:
    with scoped(EVERYTHING):
        states = set(Case.objects.values_list("state", flat=True))
        procedure = cases.procedure_of(cases.facts(Case.objects.select_related("owner", "body").first() or Case()))
    assert states == set(procedure.states)


def test_each_row_belongs_to_the_job_of_its_case(loaded: int) -> None:
    with scoped(EVERYTHING):
        jobs = Job.objects.filter(certificate__isnull=False).select_related("certificate")
        pairs = [
            (job.case_id == job.certificate.case_id, job.instrument_id == job.certificate.instrument_id)
            for job in jobs
            if job.certificate
        ]
    assert (len(pairs), set(pairs)) == (80, {(True, True)})


def test_the_public_check_says_load_test_row_in_both_languages(loaded: int) -> None:
    with scoped(EVERYTHING):
        row = Certificate.objects.first() or Certificate()
    asked = [f"/c/{code}?lang={lang}" for code in (row.code, row.instrument_code) for lang in ("zh", "en")]
    answers = [Client().get(address) for address in asked]
    told = [answer.content.decode() for answer in answers]
    assert ["这是压力测试行，没有文件" in text for text in told] == [True, False, True, False]
    assert ["This is a load-test row, no document" in text for text in told] == [False, True, False, True]
    assert {answer.status_code for answer in answers} == {404}
    assert not any("有效" in text.replace("有效期", "") for text in told)


def test_a_load_test_row_has_no_status_of_an_issued_document(loaded: int) -> None:
    with scoped(EVERYTHING):
        ids = list(Certificate.objects.values_list("id", flat=True))
        found = certificates.certificates(ids, on=DAY)
    assert {each.status for each in found.values()} == {"load_test"}
    assert all(each.number.startswith("LT-") for each in found.values())


def test_what_only_an_issued_document_has_is_refused(loaded: int) -> None:
    with scoped(EVERYTHING):
        key = Certificate.objects.values_list("id", flat=True)[0]
        with pytest.raises(StateError, match="压力测试行，没有文件"):
            certificates.bundle(key, on=DAY)


def test_the_audit_names_load_test_rows_apart(loaded: int) -> None:
    count, faults = certificates.audit()
    assert (count, faults, certificates.load_test_rows()) == (0, [], 80)


def test_the_database_refuses_a_row_that_is_neither_issued_nor_marked(loaded: int) -> None:
    with scoped(EVERYTHING):
        row = Certificate.objects.first() or Certificate()
        row.pk, row.number, row.code, row.serial = row.case_id, "J-1", "X" * 26, 99_999
        row.origin_id, row.is_load_test = row.case_id, False
        with pytest.raises(IntegrityError, match="issued_or_load_test"), transaction.atomic():
            row.save(force_insert=True)


def test_the_same_seed_gives_the_same_rows_and_another_does_not(demo: None, db: None) -> None:
    plans = [Plan(Sizes(60, 80, 40), seed, DAY, "330000") for seed in (1, 1, 2)]
    one, same, other = ([(plan.identity(n), plan.lookup_code("instrument", n)) for n in range(60)] for plan in plans)
    assert one == same
    assert not set(one) & set(other)


def test_a_load_that_was_stopped_goes_on_with_the_next_batch(demo: None, db: None) -> None:
    stopping: list[int] = []
    written: list[int] = []

    def write(rows: list[int]) -> int:
        written.extend(rows)
        stopping.append(signal.SIGINT)  # as Ctrl-C does while a batch is being written
        return len(rows)

    part = load.Part("test", Term("测试", "test"), 5, 2, lambda first, last: list(range(first, last)), write)
    seen = []
    for _turn in range(4):
        stopping.clear()
        load.write_part(part, stopping)
        seen.append(list(written))
    assert seen == [[0, 1], [0, 1, 2, 3], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]]


def test_a_load_asked_for_again_writes_nothing_twice(loaded: int) -> None:
    before = fingerprint()
    assert load.run(SMALL) == 0
    assert fingerprint() == before


def test_other_numbers_than_those_begun_are_refused(loaded: int) -> None:
    with pytest.raises(StateError, match="已按别的数量或种子"):
        load.run(["--instruments", "61", "--certificates", "80", "--cases", "40"])


def test_nothing_is_loaded_where_records_may_be_real(db: None) -> None:
    with pytest.raises(StateError, match="不是演示模式"):
        load.run(SMALL)


def test_nothing_is_loaded_beside_an_organisation_that_is_not_of_a_demo(demo: None, db: None) -> None:
    Organisation.objects.create(name_zh="某公司", region_code="330302", registered_at=moment())
    with pytest.raises(StateError, match="不是演示的单位"):
        load.run(SMALL)


def test_more_rows_than_the_cases_hold_are_refused(demo: None, db: None) -> None:
    with pytest.raises(InputError, match="放不下"):
        load.run(["--instruments", "60", "--certificates", "8000", "--cases", "40"])
