"""What a token may be narrowed to: each scope by its name, the rights it opens, and who may hold it.

A token may do what its scopes open and its holder may do besides: the smaller of the two. What a person answers for
with their name (checking, approving, measuring) is for tokens of persons alone; signing and ending certificates is for
no token at all, because it asks for the person at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from plumbline.errors import InputError, Text, say
from plumbline.rulebook import procedures


@dataclass(frozen=True)
class TokenScope:
    """One scope. rights: patterns of the rights it opens; is_personal: only a token of a person may hold it."""

    code: str
    title: Text
    rights: tuple[str, ...]
    is_personal: bool = False


APPLY, ACT = "cases:apply", "cases:act"


def _acts(*names: str) -> tuple[str, ...]:
    return tuple(f"verification.{name}" for name in names)


SCOPES = {
    each.code: each
    for each in (
        TokenScope("registers:read", say("查看台账、名册、单位和规程"), ("register.read", "entry.*.read")),
        TokenScope("entries:write", say("在名册里登记、变更和终止条目"), ("entry.*",)),
        TokenScope("instruments:write", say("登记、移动和停用器具"), ("register.edit",)),
        TokenScope(
            "imports:run", say("导入文件：器具、单位、校准记录和名册"),
            ("import.run", "entry.*.edit", "partner.exchange"), is_personal=True,
        ),
        TokenScope("certificates:read", say("查看和下载证书"), ("register.read",)),
        TokenScope("cases:read", say("查看业务"), ("case.read",)),
        TokenScope(APPLY, say("提交、补正和撤回申请"), _acts("submit", "resubmit", "withdraw")),
        TokenScope(
            ACT,
            say("办理业务：受理、指派、核验、批准、送达"),
            _acts(
                "accept", "return", "assign", "receive", "go_on_site", "review", "send_back", "approve", "deliver",
            ),
            is_personal=True,
        ),
        TokenScope("records:write", say("提交原始记录"), _acts("record"), is_personal=True),
        TokenScope("figures:read", say("查看看板的数"), ("register.read",)),
        TokenScope("webhooks:manage", say("管理推送订阅"), ("interface.manage",)),
    )
}  # fmt: skip


def read_scopes(codes: Iterable[str], *, is_machine: bool) -> tuple[str, ...]:
    """Return scopes in the order of the table, each once. Raises: InputError for none, one unknown or one too many."""
    wanted = set(codes)
    if not wanted:
        raise InputError(say("还没有选令牌的范围"), remedy=say("至少选一项"), field="scopes")
    if unknown := sorted(wanted - set(SCOPES)):
        raise InputError(
            say("没有“{scope}”这个范围", scope=unknown[0][:40]), remedy=say("从所列的范围里选"), field="scopes"
        )
    personal = [code for code in SCOPES if code in wanted and SCOPES[code].is_personal]
    if is_machine and personal:
        raise InputError(
            say("“{scope}”要由人来办，系统令牌不能有", scope=personal[0]),
            remedy=say("去掉这一项，或做成个人令牌"),
            field="scopes",
        )
    return tuple(code for code in SCOPES if code in wanted)


def rights_of(codes: Iterable[str]) -> tuple[str, ...]:
    """Return the patterns of the rights that some scopes open; a scope no longer known opens none."""
    known = [code for code in codes if code in SCOPES]
    return tuple(dict.fromkeys(right for code in known for right in (*SCOPES[code].rights, *_of_files(code))))


@cache
def _of_files(code: str) -> tuple[str, ...]:
    """Return the rights a scope opens on procedures that their files alone run: to apply, the acts of who applies; to
    act, those of who decides. An act of either side is opened by both, one that issues or ends a document by none."""
    return tuple(
        f"{procedure.id}.{act.name}"
        for procedure in procedures.all_editions()
        if procedure.is_general
        for act in procedure.acts.values()
        if code in _scopes_of(act)
    )


def _scopes_of(act: procedures.Act) -> tuple[str, ...]:
    if act.grants:
        return ()
    if act.is_eithers:
        return (APPLY, ACT)
    return (APPLY,) if act.opens or act.is_applicants else (ACT,)
