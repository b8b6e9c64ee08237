"""The installed command `plumbline` and the verbs behind `./plumbline`: which there are, and what each needs.

To add a verb: write `faces/commands/<verb>.py` with `run(arguments: list[str]) -> int`, and here a loader and a row.
A loader imports when it is asked, so that `check` works where no Django is installed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from plumbline.errors import PlumblineError, Text, say
from plumbline.faces.commands.terminal import in_words, tell_error, warn

Run = Callable[[list[str]], int]
EXIT_UNKNOWN = 64
"""The exit code of an unknown verb (EX_USAGE of sysexits.h): a supervisor does not start such a process again."""


@dataclass(frozen=True)
class Verb:
    """One verb: its one line of help, and how its function is loaded. `is_alone` needs neither Django nor database.

    `makes_demo`: a data folder that was never started holds a demo from then on, and no live records ever.
    """

    name: str
    summary: Text
    load: Callable[[], Run]
    is_alone: bool = False
    needs_schema: bool = True
    makes_demo: bool = False


def _check() -> Run:
    from plumbline.faces.commands import check  # noqa: PLC0415  # loaded when asked

    return check.run


def _draw() -> Run:
    from plumbline.faces.commands import draw  # noqa: PLC0415  # loaded when asked

    return draw.run


def _import() -> Run:
    from plumbline.faces.commands import import_  # noqa: PLC0415  # loaded when asked

    return import_.run


def _procedure() -> Run:
    from plumbline.faces.commands import procedure  # noqa: PLC0415  # loaded when asked

    return procedure.run


def _due() -> Run:
    from plumbline.faces.commands import due  # noqa: PLC0415  # loaded when asked

    return due.run


def _log() -> Run:
    from plumbline.faces.commands import log  # noqa: PLC0415  # loaded when asked

    return log.run


def _seed_demo() -> Run:
    from plumbline.faces.commands import seed_demo  # noqa: PLC0415  # loaded when asked

    return seed_demo.run


def _account() -> Run:
    from plumbline.faces.commands import account  # noqa: PLC0415  # loaded when asked

    return account.run


def _dcc() -> Run:
    from plumbline.faces.commands import dcc  # noqa: PLC0415  # loaded when asked

    return dcc.run


def _figures() -> Run:
    from plumbline.faces.commands import figures  # noqa: PLC0415  # loaded when asked

    return figures.run


def _load() -> Run:
    from plumbline.faces.commands import load  # noqa: PLC0415  # loaded when asked

    return load.run


def _notices() -> Run:
    from plumbline.faces.commands import notices  # noqa: PLC0415  # loaded when asked

    return notices.run


def _webhooks() -> Run:
    from plumbline.faces.commands import webhooks  # noqa: PLC0415  # loaded when asked

    return webhooks.run


def _manage() -> Run:
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # loaded when asked

    def run(arguments: list[str]) -> int:
        execute_from_command_line(["plumbline manage", *arguments])
        return 0

    return run


VERBS = (
    Verb("check", say("离线核验下载的证书包"), _check, is_alone=True),
    Verb("draw", say("离线重做一次抽签，或取一个封存用的随机数"), _draw, is_alone=True),
    Verb("import", say("从 Excel、CSV 或 Parquet 导入单位、器具和外部校准记录"), _import),
    Verb("due", say("列出某日到期和逾期的器具"), _due),
    Verb("procedure", say("核对办事程序的定义，画出一个程序"), _procedure, needs_schema=False),
    Verb("log", say("透明日志：排序、查看和复核"), _log),
    Verb("account", say("登记本地主管部门，开第一批账号"), _account),
    Verb("dcc", say("登记官方的 DCC 架构文件，签发时用来核对"), _dcc, needs_schema=False),
    Verb("seed-demo", say("写入演示数据，可以重复运行"), _seed_demo),
    Verb("figures", say("看板的数：补计，或全部重计并核对"), _figures),
    Verb("load", say("写入压力测试数据，只在演示或新的数据目录里"), _load, makes_demo=True),
    Verb("notices", say("通知：发信、提醒到期、写每日汇总"), _notices),
    Verb("webhooks", say("把到时候的推送发出去"), _webhooks),
    Verb("manage", say("Django 管理命令，供开发者使用"), _manage, needs_schema=False),
)


def verb_named(name: str) -> Verb | None:
    """Return the verb of this name, or None."""
    return next((verb for verb in VERBS if verb.name == name), None)


def prepare_django() -> None:
    """Load the settings and the rooms. Other modules of this package may be imported only afterwards."""
    import django  # noqa: PLC0415  # loaded when asked

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.config.settings")
    django.setup()


def main(arguments: list[str] | None = None) -> int:
    """Run one verb; return its exit code. Errors of the family are told in words, never as a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    verb = verb_named(given[0]) if given else None
    if verb is None:
        _tell_verbs()
        return 0 if given[:1] in ([], ["help"], ["--help"]) else EXIT_UNKNOWN
    try:
        if not verb.is_alone:
            prepare_django()
        return verb.load()(given[1:])
    except PlumblineError as error:
        return tell_error(error)
    except BrokenPipeError:  # the reader closed the pipe, as `head` does
        sys.stderr.close()
        return 1


def _tell_verbs() -> None:
    for verb in VERBS:
        warn(Text("  {name:<10} {summary}", {"name": verb.name, "summary": in_words(verb.summary)}))


if __name__ == "__main__":
    sys.exit(main())
