"""The verbs of `./plumbline`: sets up what a verb needs and hands over. Standard library only.

Leaves the running of the platform to `plumbline.config.launch`, the tests to `launch.run_tests`.
"""

from __future__ import annotations

import os
import sys

from launch import environment
from launch.say import words
from launch.setup import SetupError, set_up

OWN_VERBS = (
    ("demo", "演示：建立环境、数据库和演示数据，然后运行", "a small city at work: sets up everything, then runs"),
    ("serve", "运行平台", "run the platform"),
    (
        "test",
        "运行全部检查，--quick 省去浏览器和费时的测试",
        "run every check; --quick leaves out what needs a browser or long",
    ),
    ("bench", "测量并写入 docs/benchmarks.md", "measure, and write docs/benchmarks.md"),
    ("drill", "演练故障", "rehearse a failure"),
    ("lock", "重新锁定依赖", "lock the dependencies anew"),
    ("migrate", "更新数据库结构", "bring the database to this release's schema"),
    ("dev-db", "只运行数据库，供开发者使用", "run the database alone, for developers"),
    ("messages", "收集界面文字到翻译目录", "collect the texts of the pages into the catalogue"),
    ("setup", "只建立环境", "set up the environment and stop"),
    ("help", "本页", "this page"),
)


def main(arguments: list[str]) -> int:
    """Run one verb and return its exit code; most verbs replace this process and never return here."""
    # Images often set it for small layers; here every start would compile everything anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    verb, rest = (arguments[0], arguments[1:]) if arguments else ("help", [])
    if verb in {"help", "--help", "-h"}:
        return tell_help()
    try:
        return _run(verb, rest)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(verb: str, rest: list[str]) -> int:
    if verb == "lock":
        return environment.lock()
    set_up(with_tests=verb in {"test", "bench", "drill", "messages"} or "--with-tests" in rest)
    if verb == "setup":
        return 0
    modules = {"test": "launch.run_tests", "bench": "bench.run", "drill": "drills.run", "messages": "launch.messages"}
    if verb in modules:
        return hand_over([modules[verb], *rest], with_root=True)
    return hand_over(["plumbline.config.launch", verb, *rest])


def hand_over(module: list[str], *, with_root: bool = False) -> int:
    """Become the environment's Python running a module; `with_root` makes the clone's own folders importable."""
    if with_root:
        os.chdir(environment.HOME)
        os.environ["PYTHONPATH"] = str(environment.HOME)
    sys.stdout.flush()
    os.execv(environment.PYTHON, [str(environment.PYTHON), "-m", *module])  # noqa: S606  # no shell is wanted


def tell_help() -> int:
    """Print every verb in one line; works before anything is set up."""
    sys.path.insert(0, str(environment.HOME / "src"))
    from plumbline.faces.commands.main import VERBS  # noqa: PLC0415  # lies in the product, needs no environment
    from plumbline.faces.commands.terminal import in_words  # noqa: PLC0415  # as above

    for name, chinese, english in OWN_VERBS:
        print(f"  ./plumbline {name:<10} {words(chinese, english)}")
    for verb in VERBS:
        print(f"  ./plumbline {verb.name:<10} {in_words(verb.summary)}")
    return 0
