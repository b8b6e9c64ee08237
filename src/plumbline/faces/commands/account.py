"""`plumbline account office|open`: the first office and accounts of an installation, by whoever holds the machine.

There is no default account and no default password: the password is typed twice, or read from the input with
`--password-stdin`. Everything after is done by those accounts in the console, see `docs/how-to/first-steps.md`.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from datetime import date, datetime

from django.utils import timezone

from plumbline.domain.accounts.queries import SYSTEM, role_name
from plumbline.domain.accounts.types import Grant
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import OrganisationEntry
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger.types import SEAL_LIFE
from plumbline.domain.registers import actions as registers
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, say
from plumbline.faces.commands.arguments import Arguments
from plumbline.faces.commands.terminal import tell


def run(arguments: list[str]) -> int:
    """Run the verb; returns 0."""
    given = _parser().parse_args(arguments)
    at = timezone.now()
    with scoped(EVERYTHING):
        directory.load_regions(at)
        if given.what == "office":
            _office(given, at=at)
        else:
            _open(given, at=at)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="./plumbline account")
    what = parser.add_subparsers(dest="what", required=True)
    office = what.add_parser("office", help="登记本地主管部门 / register the office of this installation")
    for name in ("uscc", "name", "region", "code"):
        office.add_argument(f"--{name}", required=True)
    opened = what.add_parser("open", help="开账号并给一个角色 / open an account with one role")
    opened.add_argument("username")
    for name in ("organisation", "person", "role"):
        opened.add_argument(f"--{name}", required=True)
    opened.add_argument("--region", default="")
    opened.add_argument("--password-stdin", action="store_true")
    return parser


def _office(given: argparse.Namespace, *, at: datetime) -> None:
    facts = directory.register_organisation(
        OrganisationEntry(given.uscc, given.name, given.region, institution_code=given.code), at=at
    )
    today = _today(at)
    span = (today, today + SEAL_LIFE)
    ledger.announce_log_key(span=span, demo=False, at=at)
    ledger.announce_key(given.code, organisation_id=facts.id, span=span, demo=False, at=at)
    tell(say("已登记 {name}，代号 {code}；日志和它的印章密钥已公布", name=facts.name_zh, code=given.code))


def _open(given: argparse.Namespace, *, at: datetime) -> None:
    organisation = known.organisation_by_uscc(given.organisation)
    role_name(given.role)
    if given.region:
        directory.require_region(given.region)
    person = directory.register_person(organisation.id, name_zh=given.person, at=at)
    login = given.username, _password(is_piped=given.password_stdin)
    user_id = registers.open_account(SYSTEM, person, login=login, at=at)
    grant = Grant(organisation.id, given.role, _today(at), given.region)
    registers.give_role(SYSTEM, user_id, grant=grant, at=at)
    tell(say("账号 {username} 已开，角色“{role}”", username=given.username, role=role_name(given.role)))


def _password(*, is_piped: bool) -> str:
    if is_piped:
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("口令 password: ")
    if first != getpass.getpass("再输一次 again: "):
        raise InputError(say("两次输入的口令不同"), remedy=say("重新运行命令"), field="password")
    return first


def _today(at: datetime) -> date:
    return timezone.localdate(at)
