"""Files by their content: the same bytes once, other bytes never, and a changed byte is no file any more."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as sizes
from hypothesis import strategies as st
from pytest_django import Settings

from plumbline.domain.files import actions, queries
from plumbline.domain.files.models import Blob
from plumbline.errors import ProofError, StateError
from tests.domain.databases import together

CONTENT = "原始记录".encode()
HASH = hashlib.sha256(CONTENT).hexdigest()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Give a data folder of the test's own."""
    settings.PLUMBLINE_DATA = str(tmp_path)
    return tmp_path / "files"


def files_in(folder: Path) -> list[str]:
    """Return the names of all files below a folder, hidden ones too."""
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def kept(content: bytes, media: str) -> str:
    """Keep one file and return its hash."""
    return actions.keep([(content, media)])[0]


def keep_and_fail() -> None:
    """Keep a file in a transaction that then fails."""
    kept(CONTENT, "text/plain")
    raise ZeroDivisionError


def test_what_is_kept_comes_back_by_its_hash() -> None:
    assert queries.content_of(kept(CONTENT, "text/plain")) == CONTENT


def test_a_file_lies_under_the_beginning_of_its_hash(folder: Path) -> None:
    kept(CONTENT, "text/plain")
    assert (folder / HASH[:2] / HASH).read_bytes() == CONTENT


def test_nothing_unfinished_is_left_beside_a_file(folder: Path) -> None:
    kept(CONTENT, "text/plain")
    assert files_in(folder) == [HASH]


def test_the_same_bytes_twice_are_one_file_and_one_row() -> None:
    kept(CONTENT, "text/plain")
    kept(CONTENT, "application/octet-stream")
    assert [(row.sha256, row.media, row.size) for row in Blob.objects.all()] == [(HASH, "text/plain", len(CONTENT))]


def test_a_failed_transaction_leaves_no_row(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        keep_and_fail()
    assert not Blob.objects.filter(sha256=HASH).exists()


def test_a_changed_byte_on_the_disk_is_refused(folder: Path) -> None:
    kept(CONTENT, "text/plain")
    (folder / HASH[:2] / HASH).write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(ProofError, match="缺失或已被改动"):
        queries.content_of(HASH)


def test_a_truncated_file_is_refused(folder: Path) -> None:
    kept(CONTENT, "text/plain")
    (folder / HASH[:2] / HASH).write_bytes(CONTENT[:-1])
    with pytest.raises(ProofError):
        queries.content_of(HASH)


def test_a_missing_file_is_refused() -> None:
    with pytest.raises(ProofError):
        queries.content_of("0" * 64)


def test_keeping_the_bytes_again_mends_a_damaged_file(folder: Path) -> None:
    kept(CONTENT, "text/plain")
    (folder / HASH[:2] / HASH).write_bytes(b"")
    kept(CONTENT, "text/plain")
    assert queries.content_of(HASH) == CONTENT


def test_a_row_whose_name_is_no_hash_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError, match="blob_hash"):
        Blob.objects.create(sha256="../../etc/passwd", media="text/plain", size=1)


@given(content=st.binary(max_size=3000))
@sizes(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_come_back_as_they_were(content: bytes) -> None:
    assert queries.content_of(kept(content, "application/octet-stream")) == content


@pytest.mark.django_db(transaction=True)
def test_two_clerks_may_keep_the_same_bytes_at_once() -> None:
    assert together(*[partial(kept, CONTENT, "text/plain")] * 4) == [HASH] * 4


# ---- uploads that wait ---------------------------------------------------------------------------------------------


def test_a_parked_upload_is_found_by_its_hash_until_it_is_cleared_away() -> None:
    key, size = actions.park([CONTENT[:3], CONTENT[3:]], at=datetime.now(UTC))
    assert (key, size, queries.parked(key).read_bytes()) == (HASH, len(CONTENT), CONTENT)
    actions.unpark(key)
    with pytest.raises(StateError, match="已经清掉"):
        queries.parked(key)


def test_an_upload_nobody_came_back_for_is_cleared_away_after_a_week() -> None:
    key, _size = actions.park([CONTENT], at=datetime.now(UTC))
    actions.park([b"next"], at=datetime.now(UTC) + timedelta(days=7, minutes=1))
    with pytest.raises(StateError):
        queries.parked(key)


@pytest.mark.django_db
def test_a_parked_upload_is_kept_for_good_under_its_hash() -> None:
    key, _size = actions.park([CONTENT], at=datetime.now(UTC))
    actions.keep_parked(key, media="text/plain")
    actions.keep_parked(key, media="text/plain")
    assert queries.content_of(key) == CONTENT


@pytest.mark.parametrize("key", ["", "../files", "0" * 63, "G" * 64])
def test_what_was_never_given_as_a_key_finds_nothing(key: str) -> None:
    with pytest.raises(StateError):
        queries.parked(key)
