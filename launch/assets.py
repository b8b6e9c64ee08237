"""What pages load and what readers read: fonts and scripts from npm, translations compiled from their sources."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from launch.environment import HOME, PYTHON, npm
from launch.faults import run
from launch.say import step

VENDOR = HOME / "src" / "plumbline" / "faces" / "kit" / "static" / "vendor"
MODULES = HOME / "node_modules"
STAMP = VENDOR / ".stamp"
LOCALE = HOME / "src" / "plumbline" / "locale"
FONTS = {
    "noto-sans-sc": ("400Regular", "600SemiBold", "700Bold"),
    "noto-serif-sc": ("400Regular", "600SemiBold", "700Bold"),
    "noto-sans": ("400Regular", "600SemiBold", "700Bold"),
    "noto-sans-math": ("400Regular",),
}
COMPILE = """
import sys
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
for name in sys.argv[1:]:
    with open(name, "rb") as source:
        catalogue = read_po(source)
    with open(name[:-3] + ".mo", "wb") as target:
        write_mo(target, catalogue)
"""


def install(*, with_tests: bool) -> None:
    """Fetch what package-lock.json names and copy what pages load. Raises SetupError."""
    lock = hashlib.sha256((HOME / "package-lock.json").read_bytes()).hexdigest()
    standing = STAMP.read_text() if STAMP.exists() else ""
    if standing == f"{lock} with tests" or (standing == f"{lock} pages" and not with_tests):
        return
    command = npm()
    step("取得网页资源", "fetching the assets of the pages")
    left_out = [] if with_tests else ["--omit=dev"]
    run(
        [*command, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", *left_out],
        "npm ci",
        cwd=HOME,
        environment=_environment(command),
    )
    copy_assets()
    STAMP.write_text(f"{lock} with tests" if with_tests else f"{lock} pages")


def _environment(command: list[str | Path]) -> dict[str, str]:
    """Put the folder of Node on the path, for npm started from the wheel."""
    path = os.environ.get("PATH", os.defpath)
    return {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{path}" if len(command) > 1 else path}


def copy_assets() -> None:
    """Copy the files pages load, with their licences; the rest of the packages stays where npm put it."""
    fonts = VENDOR / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for package, weights in FONTS.items():
        source = MODULES / "@expo-google-fonts" / package
        for weight in weights:
            (font,) = (source / weight).glob("*.ttf")
            shutil.copyfile(font, fonts / font.name)
        shutil.copyfile(source / "LICENSE_FONT", fonts / f"{package}-LICENSE.txt")
    htmx = MODULES / "htmx.org"
    shutil.copyfile(htmx / "dist" / "htmx.min.js", VENDOR / "htmx.min.js")
    shutil.copyfile(htmx / "LICENSE", VENDOR / "htmx-LICENSE.txt")


def compile_translations() -> None:
    """Compile each catalogue whose source is newer than its compiled form."""
    stale = [source for source in LOCALE.glob("*/LC_MESSAGES/*.po") if _is_stale(source)]
    if stale:
        run([PYTHON, "-c", COMPILE, *stale], "babel", cwd=HOME)


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns
