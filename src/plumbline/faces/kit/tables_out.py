"""Tables to be saved: a workbook or a CSV, written to disk first, so that memory stays bounded."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.http import FileResponse

from plumbline.faces.kit.downloads import UNSAFE
from plumbline.gateways.tables.workbook import Cell, Tab, write_workbook
from plumbline.gateways.tables.writing import write_csv

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


def workbook_file(name: str, tabs: Sequence[Tab]) -> FileResponse:
    """Return a workbook to be saved."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        write_workbook(path, tabs)
        file = path.open("rb")  # stays readable when its name is gone
    return _to_save(file, XLSX, name=name)


def csv_file(name: str, header: Sequence[str], *, rows: Iterable[Sequence[Cell]]) -> FileResponse:
    """Return a CSV to be saved, no cell of which a spreadsheet would run."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed by the answer that sends it
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    write_csv(text, header, rows=rows)
    text.flush()
    text.detach()
    file.seek(0)
    return _to_save(file, CSV, name=name)


def _to_save(file: io.BufferedIOBase, media: str, *, name: str) -> FileResponse:
    response = FileResponse(file, as_attachment=True, filename=UNSAFE.sub("_", name), content_type=media)
    response.headers["Cache-Control"] = "private, no-store"
    return response
