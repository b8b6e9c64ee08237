"""Colour tokens: both dark blocks are the same; text and controls keep their contrast (WCAG 2.2, 1.4.3, 1.4.11)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import plumbline.faces.kit

CSS = Path(plumbline.faces.kit.__file__).parent / "static" / "kit"
TOKENS = (CSS / "tokens.css").read_text()
SURFACES = ("bg", "surface", "raised")


def declared(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block))


def blocks() -> list[dict[str, str]]:
    """Return the tokens of the three blocks: light, dark by choice, dark by the system."""
    return [declared(block) for block in re.findall(r":root[^{]*\{([^}]*)\}", TOKENS)]


LIGHT, DARK, SYSTEM_DARK = blocks()
THEMES = {"light": LIGHT, "dark": LIGHT | DARK}


def luminance(colour: str) -> float:
    """Return the relative luminance of #RRGGBB. Source: WCAG 2.2, definition of relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours. Source: WCAG 2.2, definition of contrast ratio."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lowest(theme: str, ink: str, grounds: tuple[str, ...]) -> float:
    tokens = THEMES[theme]
    return min(contrast(tokens[ink], tokens[ground]) for ground in grounds)


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


def test_both_dark_blocks_are_the_same() -> None:
    assert DARK == SYSTEM_DARK


def test_every_light_colour_has_a_dark_one() -> None:
    fixed = {"font", "mono", "serif", "r", "v-ok", "v-due", "v-bad", "v-rev", "v-unk"}
    assert set(LIGHT) - fixed == set(DARK)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "ink-2", "ink-3", "brand"])
def test_text_has_contrast_of_four_and_a_half(theme: str, ink: str) -> None:
    assert lowest(theme, ink, (*SURFACES, "sunken", "brand-tint")) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("state", ["ok", "due", "bad", "rev", "unk"])
def test_state_words_have_contrast_on_surfaces_and_on_their_tint(theme: str, state: str) -> None:
    assert lowest(theme, state, (*SURFACES, f"{state}-tint")) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_on_a_solid_button_has_contrast(theme: str) -> None:
    assert lowest(theme, "on-brand", ("brand", "brand-hover")) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("token", ["line-3", "focus", "c1", "c2", "c3", "c4", "c5", "due-solid", "bad-solid"])
def test_borders_focus_and_chart_marks_have_contrast_of_three(theme: str, token: str) -> None:
    assert lowest(theme, token, ("surface", "bg")) >= 3


@pytest.mark.parametrize("state", ["ok", "due", "bad", "rev", "unk"])
def test_white_on_the_public_verdict_has_contrast(state: str) -> None:
    assert contrast("#FFFFFF", LIGHT[f"v-{state}"]) >= 4.5


def test_style_sheets_use_two_weights_only() -> None:
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    assert set(re.findall(r"font-weight:\s*(\d+)", sheets)) == {"400", "600"}


def test_style_sheets_name_no_colour_variable_that_does_not_exist() -> None:
    sheets = "".join(path.read_text() for path in CSS.glob("*.css"))
    assert set(re.findall(r"var\(--([\w-]+)\)", sheets)) <= set(LIGHT)
