"""Builds `regions.csv` from the reference data: kept here so that a test can prove the tracked file, byte for byte.

Run `python -m tests.domain.directory.region_builder` to write the file anew.
Sources: GB/T 2260 editions 2002 to 2014 (PyPI GB2260 0.4.1, BSD) and the divisions of china-division 2.7.0 (MIT).
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl

from plumbline.rulebook.regions import EDITIONS, REGIONS_CSV

NEWEST = EDITIONS[-1]
NOT_IN_NEWEST_BY_SCOPE = ("71", "81", "82")
"""Taiwan, Hong Kong and Macao: the newest list covers 31 provinces and says nothing about them."""
HEADER = ("code", "level", "name", "parent", "first_edition", "last_edition", "current")


def build(divisions: Path, history: Path) -> bytes:
    """Return the bytes of `regions.csv`: a row for each (code, level, name), in order of code, level, first edition."""
    editions = pl.DataFrame({"edition": EDITIONS, "rank": range(len(EDITIONS))}, schema_overrides={"rank": pl.Int32})
    rows = (
        pl.concat([_old(pl.read_parquet(history)), _new(pl.read_parquet(divisions))])
        .join(editions, on="edition", how="left", validate="m:1")
        .sort("rank")
        .group_by("code", "level", "name")
        .agg(
            pl.col("parent").last(),
            first_edition=pl.col("edition").first(),
            last_edition=pl.col("edition").last(),
            rank=pl.col("rank").first(),
        )
        .with_columns(
            current=(pl.col("last_edition") == NEWEST) | pl.col("code").str.slice(0, 2).is_in(NOT_IN_NEWEST_BY_SCOPE)
        )
        .sort("code", "level", "rank", "name")
    )
    return _csv(rows.select(*HEADER[:-1], pl.col("current").cast(pl.Int8)).rows())


def _old(history: pl.DataFrame) -> pl.DataFrame:
    code = pl.col("code")
    level = (
        pl.when(code.str.ends_with("0000")).then(1).when(code.str.ends_with("00")).then(2).otherwise(3).cast(pl.Int8)
    )
    parent = (
        pl.when(level == 1)
        .then(pl.lit(""))
        .when(level == 2)
        .then(code.str.slice(0, 2) + "0000")
        .otherwise(code.str.slice(0, 4) + "00")
    )
    return history.select(
        "code", level=level, name="name", parent=parent, edition=pl.col("revision").cast(pl.String)
    ).filter(pl.col("edition") != "")


def _new(divisions: pl.DataFrame) -> pl.DataFrame:
    return divisions.filter(pl.col("level") <= 3).select(
        "code", "level", "name", parent=pl.col("parent").fill_null(""), edition=pl.lit(NEWEST)
    )


def _csv(rows: list[tuple[object, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


if __name__ == "__main__":
    data = Path(__file__).resolve().parents[4] / "shared" / "data" / "cn_divisions"
    REGIONS_CSV.write_bytes(build(data / "divisions.parquet", data / "gb2260_history.parquet"))
