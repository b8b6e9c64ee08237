"""Uploads are refused while they stream in: what passes the limit is thrown away, and not a byte more is kept.

The first upload handler of the settings. The page that asked for the file says so beside its field (`over_limit`).
"""

from __future__ import annotations

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload
from django.http import HttpRequest

from plumbline.domain.intake.types import CAPS
from plumbline.errors import InputError, Text, say

MOST_BYTES = CAPS.file_bytes
DRAINED_BYTES = 4 * MOST_BYTES
"""How much of a too large upload is still read, and thrown away, so that its sender gets the page with the sentence.

A browser that is cut off while it sends shows its own error page; beyond this, that is what it gets.
"""
_OVER = "plumbline.upload_over"


class Limit(FileUploadHandler):
    """Counts what comes in, and stops at the limit."""

    seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002  # the signature of a handler
        """Let a chunk through, until the limit. Raises: SkipFile beyond it, so that what else was typed is read."""
        self.seen += len(raw_data)
        if self.seen > MOST_BYTES:
            assert self.request is not None  # noqa: S101  # Django gives every handler its request
            self.request.META[_OVER] = MOST_BYTES
            if int(self.request.META.get("CONTENT_LENGTH") or 0) > DRAINED_BYTES:
                raise StopUpload(connection_reset=True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:  # as above
        """Leave the file to the handlers that keep it."""


def require_whole(request: HttpRequest, *, field: str = "", remedy: Text) -> None:
    """Pass if what was uploaded was taken to its end. Raises: InputError beside the field for a too large one."""
    if most := over_limit(request):
        raise InputError(say("文件太大：超过 {most} 字节，没有收完", most=most), remedy=remedy, field=field or None)


def over_limit(request: HttpRequest) -> int:
    """Return the limit an upload has passed, 0 if it has passed none."""
    return int(request.META.get(_OVER, 0))
