"""What a person typed, as numbers: decimal text to Decimal; a fault names the field and says how to mend it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal

from plumbline.errors import InputError, Term, Text, say
from plumbline.rulebook.regulations.model import Choice, Column, Parameter

DECIMAL = re.compile(r"-?\d{1,6}(\.\d{1,6})?")
ANY_DECIMAL = re.compile(r"[+-]?\d+(\.\d*)?")
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-"})


class Faults:
    """Gathers the faults of one input, so that all are told at once."""

    def __init__(self) -> None:
        self.errors: list[InputError] = []

    def add(self, path: str, what: Text, *, remedy: Text) -> None:
        """Note one fault."""
        self.errors.append(InputError(what, where=say("字段 {field}", field=path), remedy=remedy, field=path))

    def table(self, value: object, path: str) -> Mapping[str, object]:
        """Return a JSON object; a missing one is empty."""
        if value is None:
            return {}
        if isinstance(value, Mapping):
            return value
        self.add(path, say("这里应是一组字段"), remedy=say("重新打开页面后再填写"))
        return {}

    def rows(self, value: object, path: str) -> list[object]:
        """Return a JSON list; a missing one is empty."""
        if value is None:
            return []
        if isinstance(value, (list, tuple)):
            return list(value)
        self.add(path, say("这里应是一个列表"), remedy=say("重新打开页面后再填写"))
        return []

    def unknown_keys(self, given: Mapping[str, object], allowed: set[str], *, path: str) -> None:
        """Note every key that the rule does not know."""
        for key in given:
            if key not in allowed:
                where = f"{path}.{key}" if path else key
                self.add(where, say("规则中没有“{key}”这一项", key=key), remedy=say("删去这一项，或核对规程版本"))

    def number(self, value: object, rule: Column | Parameter, *, path: str) -> Decimal | None:
        """Return the number of a cell; None where it is empty or at fault.

        Full-width digits and U+2212 are taken for what they mean. At most six digits on each side of the point.
        """
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.add(path, say("数值要以文字形式给出"), remedy=say("写成带引号的十进制数，例如 20.10"))
            return None
        text = unicodedata.normalize("NFKC", value).strip().translate(MINUS_SIGNS)
        if not text:
            return None
        if DECIMAL.fullmatch(text) is None:
            if ANY_DECIMAL.fullmatch(text):
                what, remedy = say("“{value}”的位数太多", value=value[:40]), say("小数点前后各写六位以内")
            else:
                what, remedy = say("“{value}”不是十进制数", value=value[:40]), say("写成 20.10 这样的数，用小数点")
            self.add(path, what, remedy=remedy)
            return None
        return self._in_range(Decimal(text), rule, path=path)

    def word(self, value: object, options: tuple[Choice, ...], *, path: str) -> str | None:
        """Return the chosen value; None where nothing was chosen or it is at fault."""
        if value is None or value == "":
            return None
        allowed = {option.value: option for option in options}
        if isinstance(value, str) and value in allowed:
            return value
        names = Term("、".join(option.zh for option in options), ", ".join(option.en for option in options))
        self.add(
            path,
            say("没有“{value}”这个选项", value=str(value)[:40]),
            remedy=say("选择其中之一：{allowed}", allowed=names),
        )
        return None

    def _in_range(self, number: Decimal, rule: Column | Parameter, *, path: str) -> Decimal | None:
        low, high = rule.minimum, rule.maximum
        if (low is not None and number < low) or (high is not None and number > high):
            what = say(
                "{value} {unit} 不可能：应在 {low} 到 {high} 之间", value=number, unit=rule.unit, low=low, high=high
            )
            self.add(path, what, remedy=say("重新读数并填写"))
            return None
        return number
