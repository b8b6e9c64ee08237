"""`plumbline figures refresh|recount`: count what has changed, or everything anew, and say what had been missed."""

from __future__ import annotations

from django.utils import timezone

from plumbline.domain.indicators import actions, queries
from plumbline.errors import InputError, say
from plumbline.faces.commands.terminal import EXIT_REFUSED, tell, warn


def run(arguments: list[str]) -> int:
    """Run one of the verbs; without one, say how new the figures are. Raises: InputError for another word."""
    verb = arguments[0] if arguments else "status"
    if verb == "status":
        return _status()
    if verb == "refresh":
        tell(say("新计 {count} 处", count=actions.refresh(at=timezone.now())))
        return 0
    if verb == "recount":
        return _recount()
    raise InputError(say("figures 没有“{verb}”这个用法", verb=verb), remedy=say("用 refresh 或 recount"))


def _status() -> int:
    fresh = queries.freshness()
    if fresh.at is None:
        tell(say("还没有计过，等待 {waiting} 处", waiting=fresh.waiting))
    else:
        at = timezone.localtime(fresh.at).isoformat(timespec="seconds")
        tell(say("计到 {at}，等待 {waiting} 处", at=at, waiting=fresh.waiting))
    return 0


def _recount() -> int:
    """Count everything; a cell that was not as kept is a fault of the marks, and the exit code says so."""
    differing = actions.recount(at=timezone.now())
    missed = sum(differing.values())
    if missed:
        named = "，".join(f"{name} {count}" for name, count in differing.items() if count)
        warn(say("已全部重计；原来有 {missed} 格和重计的不同：{named}", missed=missed, named=named))
        return EXIT_REFUSED
    tell(say("已全部重计，和原来的完全相同"))
    return 0
