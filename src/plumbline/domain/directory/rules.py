"""Pure decisions of the directory: is this a unified social credit code, and what is odd about it?

Source of the code: GB 32100-2015 (structure, alphabet, weights and check digit as seen in S3 of the facts pack; the
table of registering departments and kinds as seen on pages quoting the standard: an unknown pair is a warning only).
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from itertools import pairwise

from plumbline.errors import InputError, Text, say

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
LENGTH = 18
KINDS = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129", "7": "129", "8": "19", "9": "123",
    "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip
"""First character (registering department) to the second characters (kind of body) seen with it."""
PLACEHOLDERS = frozenset({"123456789012345678", "000000000000000000"})
"""Texts that pass the check digit and yet are nobody's code; runs of one step are found by `is_run`."""
PRINTED = (
    "name_zh", "name_en", "address_zh", "address_en", "postcode", "phone", "mail", "authorisation_no",
)  # fmt: skip
"""What of an organisation a certificate prints."""
_FULL_WIDTH = str.maketrans({chr(0xFF01 + i): chr(0x21 + i) for i in range(94)})

BAD_CHECK_DIGIT, UNKNOWN_REGION, UNKNOWN_KIND = "uscc_check_digit", "uscc_unknown_region", "uscc_unknown_kind"
WARNINGS: dict[str, Text] = {
    BAD_CHECK_DIGIT: say("统一社会信用代码的校验位不符；原有代码照收，请与登记机关核对"),
    UNKNOWN_REGION: say("统一社会信用代码第 3 至 8 位不是已知的行政区划代码（例如公办高校为 100000）"),
    UNKNOWN_KIND: say("统一社会信用代码前两位不是已知的登记部门和机构类别"),
}


@dataclass(frozen=True)
class CreditCode:
    """A code accepted, in its normal form, with what is odd about it (keys of `WARNINGS`)."""

    code: str
    warnings: tuple[str, ...]


def normal_form(text: str) -> str:
    """Return a code as it is stored: half-width, capital letters, no blanks or hyphens."""
    return "".join(text.translate(_FULL_WIDTH).upper().split()).replace("-", "")


def check_digit(first17: str) -> str:
    """Return the 18th character. Source: GB 32100-2015: c18 = (31 - sum(c_i * w_i) mod 31) mod 31."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_run(code: str) -> bool:
    """Tell whether the first 17 characters are one digit again and again, or count up or down by one step."""
    digits = [int(character) for character in code[:17] if character.isdecimal()]
    steps = {(later - earlier) % 10 for earlier, later in pairwise(digits)}
    return len(digits) == LENGTH - 1 and len(steps) == 1


def read_credit_code(text: str, known_regions: Container[str], *, is_new: bool) -> CreditCode:
    """Return the code of a text as somebody typed it.

    known_regions: region codes of every edition known. is_new: a code newly registered must pass the check digit; one
    held before and taken in by an import is only marked. All digits alone is no fault.
    Raises: InputError for length, alphabet, placeholders and runs, and for the check digit of a new code.
    """
    code = normal_form(text)
    _refuse_malformed(code, text)
    warnings = []
    expected = check_digit(code[:17])
    if code[17] != expected:
        if is_new:
            raise _fault(
                say("统一社会信用代码 {code} 的校验位不符", code=code),
                say("对照营业执照或法人证书逐位核对；前 17 位若无误，末位应为 {expected}", expected=expected),
            )
        warnings.append(BAD_CHECK_DIGIT)
    if code[2:8] not in known_regions:
        warnings.append(UNKNOWN_REGION)
    if code[1] not in KINDS.get(code[0], ""):
        warnings.append(UNKNOWN_KIND)
    return CreditCode(code, tuple(warnings))


def fault_of(code: str) -> str | None:
    """Return why a code in its normal form is nobody's: "length", "alphabet", "placeholder"; None if it may be one."""
    if len(code) != LENGTH:
        return "length"
    if not set(code) <= set(ALPHABET):
        return "alphabet"
    return "placeholder" if code in PLACEHOLDERS or is_run(code) else None


def _refuse_malformed(code: str, text: str) -> None:
    fault = fault_of(code)
    if fault == "length":
        raise _fault(
            say("统一社会信用代码“{text}”有 {count} 位，应为 18 位", text=text, count=len(code)),
            say("对照营业执照或法人证书补全 18 位"),
        )
    if fault == "alphabet":
        strange = "、".join(sorted(set(code) - set(ALPHABET)))
        raise _fault(
            say("统一社会信用代码 {code} 含有不使用的字符：{strange}", code=code, strange=strange),
            say("代码只用数字和除 I、O、Z、S、V 以外的大写字母；核对是否把 0 写成 O、1 写成 I"),
        )
    if fault == "placeholder":
        raise _fault(
            say("{code} 是占位号，不是真实的统一社会信用代码", code=code),
            say("填写单位自己的代码；暂时没有代码的单位先不登记"),
        )


def _fault(what: Text, remedy: Text) -> InputError:
    return InputError(what, remedy=remedy, field="uscc")
