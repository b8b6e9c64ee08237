"""Files for partners: what is written is read back; what is not as agreed is refused; the mapping is documented."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.domain.registers.types import INSTRUMENT_STATES
from plumbline.errors import InputError
from plumbline.gateways.partners import PARTNERS
from plumbline.gateways.partners.answers import faults
from plumbline.gateways.partners.files import Row, decoded, encoded
from plumbline.gateways.partners.national_instruments import PARTNER, STATES

MAPPING = Path(__file__).parents[2] / "docs" / "partners" / "national-instrument-system.md"
PACKAGE = "0193f6a0-0000-7000-8000-000000000001"
INSTRUMENT = {
    "identity": "PL-0000-0000-00-0", "category": "MV-FUEL", "name": "加油机", "owner_uscc": "91330300TE5T0003XX",
    "owner_name": "测试公司", "region": "330300", "state": "in_use", "demo": "no",
}  # fmt: skip
RESULT = {
    "certificate": "T-J-1", "identity": "PL-0000-0000-00-0", "conclusion": "pass", "performed_on": "2026-11-20",
    "body_uscc": "91330300TE5T0002XX", "body_name": "测试院", "standing": "standing", "demo": "no",
}  # fmt: skip
ROWS = [Row("instrument", INSTRUMENT), Row("result", RESULT)]
printable = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=40)


def written(rows: list[Row]) -> str:
    return b"".join(encoded(PARTNER, PACKAGE, rows=rows)).decode()


def read(text: str) -> list[Row]:
    return list(decoded(PARTNER, io.StringIO(text, newline="")))


def test_what_is_written_is_read_back() -> None:
    assert read(written(ROWS)) == ROWS


@given(model=st.one_of(printable, printable.map("'".__add__), printable.map("=".__add__), printable.map('"'.__add__)))
def test_any_text_comes_back_as_it_was(model: str) -> None:
    row = Row("instrument", {**INSTRUMENT, "model": model})
    assert read(written([row])) == [row]


def test_no_cell_runs_as_a_formula() -> None:
    assert "'=1+1" in written([Row("instrument", {**INSTRUMENT, "model": "=1+1"})])


def test_a_long_file_is_written_piece_by_piece() -> None:
    pieces = list(encoded(PARTNER, PACKAGE, rows=(ROWS[0] for _ in range(2_000))))
    assert (len(pieces), len(read(b"".join(pieces).decode()))) == (5, 2_000)


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.rpartition("plumbline.")[0],
        lambda text: text.replace("end,2", "end,3"),
        lambda text: text + "x,y,z\r\n",
        lambda text: text.replace("/1,", "/2,"),
        lambda text: text.replace(PACKAGE, "0" * 36, 1),
        lambda text: text.replace("in_use", "lost"),
        lambda text: text.replace("2026-11-20", "2026-11-31"),
        lambda text: text.replace("2026-11-20", "20261120"),
        lambda text: text.replace("加油机", ""),
        lambda text: text.replace("加油机", "加\u202e油机"),
        lambda text: text.replace("加油机", "加" * 30_000),
        lambda text: text.replace("加油机", '"加'),
        lambda text: text.replace(",instrument,", ",other,", 1),
        lambda text: text.replace("category", "kind", 1),
        lambda _text: "",
    ],
)
def test_what_is_not_as_agreed_is_refused(spoilt: object) -> None:
    with pytest.raises(InputError):
        read(spoilt(written(ROWS)))  # type: ignore[operator]  # a function of the parameters


def test_a_row_that_breaks_its_record_is_not_written() -> None:
    with pytest.raises(InputError):
        written([Row("instrument", {**INSTRUMENT, "conclusion": "pass"})])


def test_an_answer_says_which_identifier_or_why_not() -> None:
    good = {"format": PARTNER.format, "package": PACKAGE, "record": "instrument", "key": "k", "outcome": "accepted",
            "their_id": "1", "reason": ""}  # fmt: skip
    assert list(faults(PARTNER, good)) == []
    assert list(faults(PARTNER, {**good, "their_id": ""})) == [("their_id", "id_missing")]
    assert list(faults(PARTNER, {**good, "outcome": "rejected"})) == [("reason", "reason_missing")]
    assert [code for _key, code in faults(PARTNER, {**good, "format": "x", "package": "1", "record": "y"})] == [
        "format_wrong", "package_wrong", "record_wrong",
    ]  # fmt: skip


def test_every_state_of_the_register_has_its_code() -> None:
    assert set(STATES) == set(INSTRUMENT_STATES)


def test_the_documented_mapping_is_the_one_used() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\d+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$", MAPPING.read_text(), re.M)
    said = [(key, kind, int(most), need, codes, theirs) for key, kind, most, need, codes, theirs in rows]
    items = [item for record in PARTNER.records for item in record.items]
    assert said == [
        (each.key, each.kind, each.most, "yes" if each.is_required else "no", ", ".join(each.codes) or "-",
         each.theirs or "unknown")
        for each in items
    ]  # fmt: skip
    assert PARTNER.format in MAPPING.read_text()
    assert set(PARTNERS) == {"national_instruments"}
