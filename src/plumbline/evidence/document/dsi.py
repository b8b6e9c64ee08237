r"""Answers how a unit symbol is written in D-SI, and whether a D-SI unit text is well formed.

The DCC schema accepts any text as a unit, so the grammar is ours to hold: factors of optional prefix, unit and
`\tothe{n}`.  Source: the unit texts of published PTB good-practice DCC files; unit names of the SI Brochure, 9th ed.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from plumbline.errors import InputError, say

_PREFIXES = (
    "quecto ronto yocto zepto atto femto pico nano micro milli centi deci "
    "deca hecto kilo mega giga tera peta exa zetta yotta ronna quetta"
)
_UNITS = (
    "one percent metre kilogram gram second ampere kelvin mole candela radian steradian hertz newton pascal joule watt "
    "coulomb volt farad ohm siemens weber tesla henry degreecelsius lumen lux becquerel gray sievert katal "
    "minute hour day litre tonne electronvolt degree ppm"
)
_FACTOR = (
    rf"(?:\\(?:{'|'.join(_PREFIXES.split())}))?\\(?:{'|'.join(_UNITS.split())})(?:\\tothe\{{-?[0-9]+(?:\.[0-9]+)?\}})?"
)
_UNIT = re.compile(rf"(?:{_FACTOR})+")

_BY_SYMBOL = MappingProxyType(
    {
        "1": r"\one",
        "": r"\one",
        "1/℃": r"\degreecelsius\tothe{-1}",
        "%": r"\percent",
        "%RH": r"\percent",
        "L": r"\litre",
        "mL": r"\milli\litre",
        "L/min": r"\litre\minute\tothe{-1}",
        "m3": r"\metre\tothe{3}",
        "m³": r"\metre\tothe{3}",
        "m3/h": r"\metre\tothe{3}\hour\tothe{-1}",
        "m³/h": r"\metre\tothe{3}\hour\tothe{-1}",
        "℃": r"\degreecelsius",
        "°C": r"\degreecelsius",
        "K": r"\kelvin",
        "mm": r"\milli\metre",
        "m": r"\metre",
        "g": r"\gram",
        "kg": r"\kilogram",
        "s": r"\second",
        "min": r"\minute",
        "h": r"\hour",
        "Pa": r"\pascal",
        "kPa": r"\kilo\pascal",
        "V": r"\volt",
        "A": r"\ampere",
        "Hz": r"\hertz",
        "W": r"\watt",
        "kW": r"\kilo\watt",
        "kW·h": r"\kilo\watt\hour",
        "kWh": r"\kilo\watt\hour",
        "Ω": r"\ohm",
    }
)


# Of several symbols the first stands.
_BY_DSI = MappingProxyType({dsi: symbol for symbol, dsi in reversed(list(_BY_SYMBOL.items()))})


def dsi_unit(symbol: str) -> str:
    """Return the D-SI text of a unit symbol as it is printed. Raises: InputError for a symbol not in the table."""
    try:
        return _BY_SYMBOL[symbol]
    except KeyError:
        raise InputError(
            say("没有单位 {symbol} 的 D-SI 写法", symbol=symbol),
            remedy=say("在 D-SI 单位表里补上这个单位"),
            field="unit",
        ) from None


def plain_unit(dsi: str) -> str:
    """Return the symbol a D-SI text of ours is printed with; a text that is not in the table, as it is."""
    return _BY_DSI.get(dsi, dsi)


def is_dsi_unit(text: str) -> bool:
    """Return whether `text` is a product of D-SI units."""
    return _UNIT.fullmatch(text) is not None
