"""An eleventh register, added by laying one file into a folder: no Python knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from plumbline.rulebook import registers as rulebook

ELEVENTH = """
id = "quality_stations"
zh = "质量服务站点"
en = "Quality service stations"
about_zh = "一站式服务站点"
about_en = "One-stop service stations"
place = 11
title = "name"
unique = ["code"]
region = "region_code"
is_public = true
opens_in = ["active"]

[basis]
status = "pattern"
source = ["TGT"]
sentence_zh = "质量基础设施一站式服务站点 70 个以上"
sentence_en = "at least 70 one-stop stations"
document_zh = "政策目标表 LN-13"
document_en = "target table LN-13"

[access]
read = ["inspector"]
edit = ["city_metrology"]

[fields.code]
zh = "站点编号"
en = "station code"
type = "code"
pattern = "ZD[0-9]{4}"
example = "ZD0001"
required = true
listed = true
public = true

[fields.name]
zh = "站点名称"
en = "station name"
type = "text"
required = true
listed = true
public = true

[fields.region_code]
zh = "行政区划"
en = "region"
type = "region"
required = true
listed = true
public = true

[fields.area]
zh = "面积"
en = "area"
type = "decimal"
unit = "m2"
places = 1

[fields.host]
zh = "负责人电话"
en = "telephone"
type = "text"

[states.active]
zh = "开放"
en = "open"
kind = "ok"
counts = true

[states.closed]
zh = "关闭"
en = "closed"
kind = "unk"

[acts.close]
zh = "关闭"
en = "Close"
from = ["active"]
to = "closed"
roles = ["city_metrology"]
needs_reason = true
"""


@pytest.fixture
def eleventh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a register by laying one file into a folder: no Python."""
    (tmp_path / "quality_stations.toml").write_text(ELEVENTH, encoding="utf-8")
    monkeypatch.setenv(rulebook.FOLDERS, str(tmp_path))
