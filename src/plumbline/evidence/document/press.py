"""The compiler of printed documents: one a template, kept with its fonts, used by one thread at a time.

Characters the fonts lack are an error, never a box: ask `unprintable` where names are typed in.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import typst

from plumbline.errors import InputError, StateError, say
from plumbline.evidence.document.glyphs import covered

HERE = Path(__file__).parent
TEXT_FONTS = ("NotoSerifSC_400Regular.ttf", "NotoSans_400Regular.ttf")
BOLD_FONTS = ("NotoSerifSC_700Bold.ttf", "NotoSans_700Bold.ttf")
MATH_FONT = "NotoSansMath_400Regular.ttf"

# Written by the template itself or allowed to break a line; no font needs a glyph for them.
_WITHOUT_GLYPH = frozenset("\n\t\r")


def unprintable(text: str, font_dir: Path) -> set[str]:
    """Return the characters of `text` that the certificate fonts cannot print, in regular or in bold type."""
    regular = _coverage(font_dir, TEXT_FONTS)
    bold = _coverage(font_dir, BOLD_FONTS)
    return {
        character for character in set(text) if ord(character) not in regular or ord(character) not in bold
    } - _WITHOUT_GLYPH


def require_printable(text: str, font_dir: Path) -> None:
    """Pass if the fonts have every character. Raises: InputError naming those they lack; StateError without fonts."""
    if lacking := unprintable(text, font_dir):
        raise InputError(
            say("证书字体里没有这些字符：{characters}", characters=" ".join(sorted(lacking))),
            remedy=say("换一种写法，或把字补进证书字体"),
        )


class Press:
    """One template's compiler."""

    def __init__(self, template: str, font_dir: Path) -> None:
        self._lock = threading.Lock()
        folders = sorted({_font(font_dir, name).parent for name in (*TEXT_FONTS, *BOLD_FONTS, MATH_FONT)})
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
        self._compiler = typst.Compiler(HERE / template, root=HERE, font_paths=fonts)

    def pdf(self, inputs: Mapping[str, str], at: datetime) -> bytes:
        """Return a PDF/A-3b. at: the creation time written into it. Raises: InputError if it cannot be laid out."""
        with self._lock, _told():
            return _one_file(
                self._compiler.compile(
                    format="pdf", sys_inputs=dict(inputs), pdf_standards=["a-3b"], timestamp=int(at.timestamp())
                )
            )

    def png(self, inputs: Mapping[str, str], *, dots_per_inch: float) -> bytes:
        """Return the one page of a document as PNG. Raises: InputError if it cannot be laid out."""
        with self._lock, _told():
            return _one_file(self._compiler.compile(format="png", sys_inputs=dict(inputs), ppi=dots_per_inch))


@contextmanager
def _told() -> Iterator[None]:
    """Say what the compiler says as an error of ours."""
    try:
        yield
    except typst.TypstError as error:
        raise InputError(say("排不出证书：{reason}", reason=error.message)) from error


def _one_file(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise InputError(say("排不出证书：{reason}", reason="typst"))
    return made


@lru_cache(maxsize=4)
def press(template: str, font_dir: Path) -> Press:
    """Return the press of a template, made once a process."""
    return Press(template, font_dir)


@lru_cache(maxsize=8)
def _coverage(font_dir: Path, names: tuple[str, ...]) -> frozenset[int]:
    return frozenset().union(*(covered(_font(font_dir, name).read_bytes()) for name in names))


def _font(font_dir: Path, name: str) -> Path:
    for path in sorted(font_dir.rglob(name)):
        return path
    raise StateError(
        say("缺少证书字体 {name}", name=name), where=say("{folder}", folder=font_dir), remedy=say("重新运行安装步骤")
    )
