"""Answers which bytes stand for a JSON value, and which bytes are accepted as JSON and base64 at all.

RFC 8785 (JCS) for writing, a strict reader for bytes that somebody else made: a value that two readers could
understand differently (duplicate keys, NaN, loose base64) is refused. What the values mean is left to the callers.
"""

from __future__ import annotations

import base64
import binascii
import json
import re

import rfc8785

from plumbline.errors import InputError, ProofError, say

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

MAX_DEPTH = 64
_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
SAFE_INTEGER = 2**53 - 1


def jcs(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of `value`.

    Raises: InputError for what has no canonical form: NaN, infinities, integers beyond 2^53 - 1,
    keys that are not strings, lone surrogates.  Source: RFC 8785.
    """
    try:
        # rfc8785 declares a narrower recursive type than ours; the values are the same.
        return bytes(rfc8785.dumps(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, RecursionError) as error:
        raise InputError(
            say("这个值没有规范的 JSON 写法：{reason}", reason=str(error)),
            remedy=say("测量值写成十进制文本，键写成字符串，整数不超过 2^53 - 1"),
        ) from error


def parse_strict(data: bytes, max_bytes: int) -> Json:
    """Return the value of a JSON document that has exactly one reading.

    data: UTF-8 without byte order mark, at most `max_bytes` bytes, at most 64 levels deep.
    Raises: ProofError for a document that is too large, is not UTF-8, repeats a key, holds NaN or infinity,
    an integer beyond 2^53 - 1, a lone surrogate, or is no JSON.
    """
    if len(data) > max_bytes:
        raise _refusal("文件超过 {limit} 字节", limit=max_bytes)
    try:
        text = data.decode("utf-8")
        _check_depth(text)
        value: Json = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_finite
        )
        text = json.dumps(value, ensure_ascii=False)
        text.encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise _refusal("不是严格的 JSON：{reason}", reason=str(error)) from error
    return value


def encode_base64(data: bytes) -> str:
    """Return standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode_base64(text: str) -> bytes:
    """Return the bytes of standard base64. Raises: ProofError unless `text` is exactly what `encode_base64` gives."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _refusal("不是规范的 base64") from error
    if encode_base64(data) != text:
        raise _refusal("不是规范的 base64")
    return data


def _refusal(template: str, **params: object) -> ProofError:
    return ProofError(say(template, **params), remedy=say("向出具单位索取原始文件"))


def _unique(pairs: list[tuple[str, Json]]) -> Json:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("duplicate key")
    return table


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _integer(text: str) -> int:
    if len(text) > 17 or abs(int(text)) > SAFE_INTEGER:
        raise ValueError("integer beyond 2^53 - 1")
    return int(text)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("number beyond double precision")
    return number


def _check_depth(text: str) -> None:
    """Count brackets outside strings, before the recursive reader sees them."""
    depth = 0
    for token in _STRING_OR_BRACKET.finditer(text) if text.count("[") + text.count("{") > MAX_DEPTH else ():
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > MAX_DEPTH:
            raise ValueError("nested too deeply")
