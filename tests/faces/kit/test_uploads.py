"""Uploads beyond the limit are stopped while they stream in: nothing of them is kept, and the page says so."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from plumbline.errors import InputError
from plumbline.faces.kit import importing, uploads

HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
TAIL = b'\r\n--b\r\nContent-Disposition: form-data; name="site"\r\n\r\nhere\r\n--b--\r\n'


class Endless(io.RawIOBase):
    """A body that is made as it is read: a head, many bytes, a tail. It counts what was read of it."""

    def __init__(self, size: int) -> None:
        self.pieces = self._pieces(size)
        self.read_bytes = 0
        self.left = b""

    def _pieces(self, size: int) -> Iterator[bytes]:
        yield HEAD
        for _piece in range(size // 65_536):
            yield b"x" * 65_536
        yield TAIL

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        self.left = self.left or next(self.pieces, b"")
        given, self.left = (self.left, b"") if size < 0 else (self.left[:size], self.left[size:])
        self.read_bytes += len(given)
        return given


def upload(size: int) -> tuple[HttpRequest, Endless]:
    """Return the request that brings a file of a size."""
    body = Endless(size)
    length = len(HEAD) + size // 65_536 * 65_536 + len(TAIL)
    given = {"wsgi.input": body, "CONTENT_TYPE": "multipart/form-data; boundary=b", "CONTENT_LENGTH": str(length)}
    request = RequestFactory().generic("POST", "/", **given)  # type: ignore[arg-type]  # the environment of WSGI
    return request, body


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1_000_000)
    monkeypatch.setattr(uploads, "DRAINED_BYTES", 4_000_000)


def test_a_file_a_little_too_large_is_thrown_away_and_what_else_was_typed_is_read(small_limit: None) -> None:
    request, _body = upload(2_000_000)
    assert (request.FILES.get("file"), request.POST.get("site")) == (None, "here")
    assert uploads.over_limit(request) == 1_000_000


def test_a_file_far_too_large_is_not_read_to_its_end(small_limit: None) -> None:
    request, body = upload(20_000_000)
    assert (request.FILES.get("file"), uploads.over_limit(request)) == (None, 1_000_000)
    assert body.read_bytes < 2_000_000


def test_a_file_within_the_limit_comes_through(small_limit: None) -> None:
    request, _body = upload(900_000)
    file = request.FILES["file"]
    assert isinstance(file, UploadedFile)
    assert (file.size, uploads.over_limit(request)) == (900_000 // 65_536 * 65_536, 0)


def test_the_form_says_that_the_file_is_too_large_and_keeps_nothing(small_limit: None) -> None:
    request, _body = upload(20_000_000)
    with pytest.raises(InputError, match="文件太大") as caught:
        importing.laid_aside(request)
    assert caught.value.field == "file"
    assert [*(Path(settings.PLUMBLINE_DATA) / "parked").glob("*")] == []
