"""Parquet under guard: what it unpacks to is known before it is, and long cells are met before they multiply."""

from __future__ import annotations

import contextlib
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError
from plumbline.gateways.tables import parquet as reading_parquet
from plumbline.gateways.tables.parquet_sizes import NotParquet, unpacked_bytes
from plumbline.gateways.tables.reading import open_table


def parquet(folder: Path, **columns: list[str]) -> Path:
    path = folder / "in.parquet"
    pl.DataFrame(columns).write_parquet(path)
    return path


def test_what_a_parquet_file_unpacks_to_is_known_from_its_pages(tmp_path: Path) -> None:
    text = "".join(chr(0x4E00 + number % 5000) for number in range(1000))
    size = unpacked_bytes(parquet(tmp_path, a=[text], b=["x"]), 10**9)
    assert 3000 <= size < 4000


def test_a_small_parquet_file_that_unpacks_to_much_is_refused_before_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = parquet(tmp_path, a=["0" * 2_000_000])
    monkeypatch.setattr(reading_parquet, "UNPACKED_BYTES", 1_000_000)
    with pytest.raises(InputError, match="展开后超过"):
        open_table(path)
    assert path.stat().st_size < 100_000


def test_a_long_cell_of_a_parquet_file_is_refused_before_it_is_a_text_of_ours(tmp_path: Path) -> None:
    stream = open_table(parquet(tmp_path, a=["x", "y" * 200_000] * 3))
    with pytest.raises(InputError, match="第 3 行有一格超过"):
        next(stream.rows)


@pytest.mark.parametrize("cut", [1, 4, 9, 40, 200])
def test_a_parquet_file_with_a_footer_that_lies_is_refused(tmp_path: Path, cut: int) -> None:
    path = parquet(tmp_path, a=["x"] * 50, b=["y"] * 50)
    data = path.read_bytes()
    path.write_bytes(data[: -8 - cut] + b"\xff" * cut + data[-8:])
    with pytest.raises(InputError, match="不是完好的 Parquet 文件"):
        open_table(path)


@given(junk=st.binary(max_size=200), length=st.integers(0, 300))
def test_no_footer_makes_the_reader_of_sizes_fail_otherwise(
    junk: bytes, length: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("parquet") / "in.parquet"
    path.write_bytes(b"PAR1" + junk + length.to_bytes(4, "little") + b"PAR1")
    with contextlib.suppress(NotParquet):
        assert unpacked_bytes(path, 10**6) >= 0
