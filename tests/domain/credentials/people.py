"""Whom the tests of credentials need besides the people of the small world: an administrator, and somebody new."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from plumbline.domain.accounts import actions as accounts
from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.accounts.types import Actor, Assurance, Grant
from plumbline.domain.credentials import actions
from plumbline.domain.credentials.types import PASSWORD, Offer
from plumbline.domain.directory import actions as directory
from plumbline.domain.journal import queries as journal
from plumbline.domain.rows.scope import EVERYTHING, scoped
from tests.world import FROM, World, moment
from tests.world import PASSWORD as TYPED

AT = moment()
MINUTE = timedelta(minutes=1)


def administrator(world: World) -> Actor:
    """Open the account of an administrator and return who acts under it."""
    person = directory.register_person(world.organisations["bureau"], name_zh="测试管理员", at=AT)
    user_id = accounts.open_account(SYSTEM, person, username="admin", password=TYPED)
    accounts.give_role(SYSTEM, user_id, grant=Grant(world.organisations["bureau"], "sysadmin", FROM))
    return world.actor("admin")


def offer(world: World, *, username: str = "newcomer", role: str = "checker") -> Offer:
    """Return an offer to somebody new at the institute."""
    institute = world.organisations["institute"]
    person = directory.register_person(institute, name_zh="测试新人", name_en="Test Newcomer", at=AT)
    return Offer(person.id, username, Grant(institute, role, FROM))


def at_browser(actor: Actor, way: str = PASSWORD, *, at: datetime = AT) -> Actor:
    """Return an actor who has shown who they are at a browser."""
    return replace(actor, assurance=Assurance(way, at))


def app_of(actor: Actor, *, at: datetime = AT) -> tuple[bytes, tuple[str, ...]]:
    """Add an authenticator app to an account; returns its secret and the recovery codes."""
    shown, setup = actions.begin_code_app(actor, "somebody")
    code = code_at(shown.secret, at - MINUTE / 2)
    return shown.secret, actions.add_code_app(at_browser(actor, at=at), setup=setup, code=code, at=at)


def code_at(secret: bytes, at: datetime) -> str:
    """Return what an app shows at a moment."""
    return TOTP(secret, 6, SHA1(), 30).generate(int(at.timestamp())).decode()  # noqa: S303  # as every app has it


def acts_on(subject_id: UUID) -> list[str]:
    """Return the names of the acts on something, in order."""
    with scoped(EVERYTHING):
        return [act.name for act in journal.acts_of(subject_id)]
