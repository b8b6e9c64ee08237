"""The canonical JSON of RFC 8785 and the strict readers."""

from __future__ import annotations

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plumbline.errors import InputError, ProofError
from plumbline.evidence.canonical import decode_base64, encode_base64, jcs, parse_strict
from tests.evidence.vectors import FOLDER, load

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("aé中\U0001f600", max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@pytest.mark.parametrize("name", ["arrays", "french", "values"])
def test_canonical_bytes_equal_the_published_ones(name: str) -> None:
    source = (FOLDER / "jcs" / f"{name}.in.json").read_bytes()
    expected = (FOLDER / "jcs" / f"{name}.out.json").read_bytes()
    assert jcs(json.loads(source)) == expected


@pytest.mark.parametrize("row", load("jcs/numbers_rfc8785_appendix_b.json"))
def test_numbers_print_as_in_appendix_b(row: dict[str, str]) -> None:
    (number,) = struct.unpack(">d", bytes.fromhex(row["ieee754"]))
    assert jcs(number) == row["json"].encode()


@given(json_values)
def test_canonical_bytes_are_read_back_as_the_same_value(value: object) -> None:
    data = jcs(value)  # type: ignore[arg-type]  # hypothesis cannot express the recursive type
    assert parse_strict(data, 10**6) == value
    assert jcs(parse_strict(data, 10**6)) == data


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, {"a": "\ud800"}])
def test_value_without_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        jcs(value)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":2}',
        b'{"x":{"b":1,"b":1}}',
        b"NaN",
        b"[Infinity]",
        b"\xef\xbb\xbf{}",
        b'"\\ud800"',
        b"\xff",
        b"9007199254740993",
        b"1e999",
        b"1" * 5000,
        b"",
        b"{}x",
        b"[" * 100 + b"]" * 100,
        b"[" * 100_000,
    ],
)
def test_document_with_more_than_one_reading_is_refused(data: bytes) -> None:
    with pytest.raises(ProofError):
        parse_strict(data, 10**6)


def test_brackets_inside_strings_do_not_count_as_depth() -> None:
    assert parse_strict(b'"' + b'[\\"' * 100 + b'"', 10**6) == '["' * 100


def test_document_beyond_the_cap_is_refused() -> None:
    with pytest.raises(ProofError):
        parse_strict(b'"abc"', 4)


@pytest.mark.parametrize("text", ["YQ", "YR==", "YQ== ", "Y Q==", "YQ==\n", "_w==", "é", "YQ=="[::-1]])
def test_loose_base64_is_refused(text: str) -> None:
    with pytest.raises(ProofError):
        decode_base64(text)


@given(st.binary(max_size=50))
def test_base64_is_read_back(data: bytes) -> None:
    assert decode_base64(encode_base64(data)) == data
