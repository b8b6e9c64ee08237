"""Pure decisions of the registers: what may be entered, and how an instrument's state may change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from plumbline.domain.registers.types import ENDED_STATES, INSTRUMENT_STATES
from plumbline.domain.rows import reasons
from plumbline.errors import InputError, InputErrors, StateError, Term, say
from plumbline.rulebook import catalogue, regulations
from plumbline.rulebook.regulations.typing_in import Faults

TEXT_LENGTHS = {
    "name_zh": 200, "name_en": 200, "model": 120, "serial": 80, "maker": 200, "range_text": 200, "accuracy_class": 80,
    "place": 120, "external_id": 80,
}  # fmt: skip


PRINTED_OF_SITE = ("name_zh", "name_en", "address_zh", "address_en")
PRINTED_OF_STANDARD = ("code", "name_zh", "name_en")
PRINTED_OF_CERTIFICATION = ("certificate_no", "certified_by", "range_text", "uncertainty_text", "k")
"""What a certificate prints of a site and of a measurement standard; of an instrument, every text in `TEXT_LENGTHS`."""


def require_category(code: str) -> str:
    """Return the category if the catalogue has it (OUTSIDE is in it). Raises: InputError."""
    if not catalogue.exists(code):
        raise InputError(
            say("器具类别“{code}”不在目录里", code=code),
            remedy=say("从目录里选一类；目录外的器具选 OUTSIDE"),
            field="category",
        )
    return code


def require_name(name: str, *, field: str = "name_zh") -> str:
    """Return the name without blanks around. Raises: InputError if nothing is left."""
    if not name.strip():
        raise InputError(say("名称没有填写"), remedy=say("填写名称"), field=field)
    return name.strip()


def require_lengths(values: dict[str, str]) -> None:
    """Pass if no text is longer than its column. Raises: InputError beside the field."""
    for field, limit in TEXT_LENGTHS.items():
        if len(values.get(field, "")) > limit:
            raise InputError(say("内容太长，最多 {limit} 个字符", limit=limit), remedy=say("缩短这一项"), field=field)


def require_span(valid_from: date, valid_to: date) -> None:
    """Pass if the first day is not after the last. Raises: InputError."""
    if valid_to < valid_from:
        raise InputError(say("终止日期早于起始日期"), remedy=say("对照证书改正日期"), field="valid_to")


def require_parameters(category: str, parameters: Mapping[str, str]) -> None:
    """Pass if the parameters are those the newest method of the category works with. Raises: InputErrors.

    A category without a method in the rulebook asks for none: nothing can be measured in it yet.
    """
    editions = regulations.of_category(category)
    faults = Faults()
    for parameter in editions[-1].standard.parameters if editions else ():
        value, path = parameters.get(parameter.code, ""), f"parameters.{parameter.code}"
        if parameter.required and not value.strip():
            name = Term(parameter.zh, parameter.en)
            faults.add(path, say("“{name}”没有填写", name=name), remedy=say("照计量标准的证书填写"))
        elif parameter.type == "choice":
            faults.word(value, parameter.options, path=path)
        else:
            faults.number(value, parameter, path=path)
    if faults.errors:
        raise InputErrors(faults.errors)


def require_reason(reason: str) -> str:
    """Return why an entry is changed. Raises: InputError as `rows.reasons`."""
    return reasons.require_reason(reason, remedy=say("写清为什么变更"))


def require_change(identity: str, *, state: str, to: str) -> None:
    """Pass if an instrument may go from one state to another. Raises: InputError for an unknown one, StateError."""
    if to not in INSTRUMENT_STATES:
        raise InputError(say("没有“{state}”这种状态", state=to), remedy=say("从所列状态里选"), field="state")
    if state in ENDED_STATES:
        raise StateError(
            say("器具 {identity} 已停止使用，不能再变更", identity=identity),
            remedy=say("确要再用，按新器具登记"),
        )
    if state == to:
        raise StateError(say("器具 {identity} 已经是这个状态", identity=identity), remedy=say("刷新页面查看现在的状态"))
