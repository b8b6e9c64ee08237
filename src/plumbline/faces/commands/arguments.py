"""What several verbs ask of their arguments: one parser that answers in sentences, days, actors, owners."""

from __future__ import annotations

import argparse
from datetime import date, datetime
from typing import NoReturn

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.errors import InputError, say
from plumbline.gateways.tables.days import read_day
from plumbline.rulebook.calendar import legal_day


class Arguments(argparse.ArgumentParser):
    """A parser whose faults are errors of the family, so that the reader sees a sentence and no usage dump."""

    def error(self, message: str) -> NoReturn:
        """Raise InputError with what the parser found."""
        raise InputError(
            say("命令的参数不对：{fault}", fault=message), remedy=say("用 {name} --help 查看用法", name=self.prog)
        )


def acting(parser: argparse.ArgumentParser) -> None:
    """Add who acts: every verb that touches the records names an account."""
    parser.add_argument("--as", dest="username", required=True, metavar="ACCOUNT", help="账号 / the account that acts")
    parser.add_argument("--role", help="角色 / one of its roles")


def actor_of(given: argparse.Namespace, *, at: datetime) -> Actor:
    """Return the actor named by the arguments. Raises: AccessError if the account has no such role today."""
    return accounts.actor_of(given.username, on=legal_day(at), role=given.role)


def day_of(text: str, *, field: str) -> date:
    """Return a day. Raises: InputError."""
    found = read_day(text)
    if found.day is None:
        raise InputError(say("“{text}”不是日期", text=text), remedy=say("写成 2022-01-01 这样"), field=field)
    return found.day
