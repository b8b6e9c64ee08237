"""Does errands, piece by piece: a piece of one, a piece of the next, so that a short one never waits for a long one.

Whoever does an errand holds its lock for as long as the database connection lives. A worker that is killed loses the
connection, the lock is free in that moment, and another takes the errand up where its last piece was noted. Nobody
else can be doing it meanwhile, since a piece is written over the very connection that holds the lock.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor
from plumbline.domain.errands import queries, rules
from plumbline.domain.errands.models import Errand
from plumbline.domain.errands.types import (
    ASKS,
    DONE,
    FAILED,
    OPEN_STATES,
    RUNNING,
    STOPPED,
    Periodic,
    Progress,
    Work,
)
from plumbline.domain.rows import locks
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, PlumblineError, StateError, say
from plumbline.rulebook.calendar import legal_day

LOST_CONNECTION = (OperationalError, InterfaceError)
TAKEN_AT_ONCE = 20
_LOOK = say("请系统管理员查看数据目录下 run/worker.log，再点“继续”")
log = logging.getLogger("plumbline.worker")


class Runner:
    """One worker. `works`: how each kind of errand is done; `periodic`: what is called again and again."""

    def __init__(self, works: Mapping[str, Work], periodic: Sequence[Periodic] = ()) -> None:
        self._works = works
        self._under_way: dict[UUID, tuple[Work, Iterator[Progress]]] = {}
        self._due = {each.name: (each, 0.0) for each in periodic}

    def turn(self, clock: Callable[[], float]) -> bool:
        """Call what is due, do one piece of every errand under way; say whether there was any piece to do.

        clock: seconds that only grow. Raises: what says that the connection is lost; call `lose` then.
        """
        self._call_due(clock())
        self._take_up()
        for errand_id in list(self._under_way):
            self._piece(errand_id)
        return bool(self._under_way)

    def run_until_idle(self, *, turns: int = 10_000) -> None:
        """Do all there is to do, for a command or a test. Raises: StateError if there is no end of it."""
        for _turn in range(turns):
            if not self.turn(lambda: 0.0):
                return
        raise StateError(say("作业一直没有做完"), remedy=say("查看“长作业”一页"))

    def lose(self) -> None:
        """Forget what was under way: the connection is gone, and with it every lock."""
        for _work, pieces in self._under_way.values():
            with suppress(*LOST_CONNECTION):
                _close(pieces)
        self._under_way.clear()
        connection.close()

    def let_go(self) -> None:
        """Leave what is under way to the next worker, each at the end of its last piece."""
        for errand_id in list(self._under_way):
            self._release(errand_id)

    # ------------------------------------------------------------ taking up

    def _take_up(self) -> None:
        with scoped(EVERYTHING):
            rows = Errand.objects.filter(state__in=OPEN_STATES).exclude(pk__in=list(self._under_way))
            waiting = list(rows.order_by("asked_at", "id").values_list("id", flat=True)[:TAKEN_AT_ONCE])
        for errand_id in waiting:
            if locks.try_hold_on(locks.Kind.ERRAND, errand_id) and not self._begin(errand_id):
                locks.let_go(locks.Kind.ERRAND, errand_id)

    def _begin(self, errand_id: UUID) -> bool:
        """Begin an errand whose lock is held; say whether there is anything to do."""
        now = timezone.now()
        with scoped(EVERYTHING):
            row = Errand.objects.select_for_update().get(pk=errand_id)
            if row.state not in OPEN_STATES:
                return False
            if row.state == RUNNING:
                row.deaths += 1
            row.state, row.leg_at, row.leg_done, row.seen_at = RUNNING, now, row.done, now
            row.begun_at = row.begun_at or now
            row.save()
            facts = queries.facts(row)
        try:
            if rules.is_lost(row.deaths):
                raise StateError(
                    say("做到同一处时，后台进程一再意外结束"),
                    remedy=say("请系统管理员查看数据目录下 run/worker.log，再点“继续”"),
                )
            if facts.kind not in self._works:
                raise InputError(say("本版本不会做这种作业：{kind}", kind=facts.kind), remedy=say("升级后再点“继续”"))
            work = self._works[facts.kind]
            self._under_way[errand_id] = work, work.run(_actor(row, at=now), facts)
        except PlumblineError as error:
            _end(errand_id, FAILED, error=error)
            return False
        return True

    # ------------------------------------------------------------ one piece

    def _piece(self, errand_id: UUID) -> None:
        work, pieces = self._under_way[errand_id]
        try:
            if work.is_apart:
                progress = self._step(errand_id, pieces)
                state = _note(errand_id, progress)
            else:
                with transaction.atomic():
                    progress = self._step(errand_id, pieces)
                    state = _note(errand_id, progress)
        except LOST_CONNECTION:
            raise
        except PlumblineError as error:
            _end(errand_id, FAILED, error=error)
            state = FAILED
        except Exception:  # a mistake of ours must not end the errands of others: it is logged whole, and shown
            log.exception("errand %s failed", errand_id)
            _end(errand_id, FAILED, error=_own_mistake())
            state = FAILED
        if state != RUNNING:
            self._release(errand_id)

    def _step(self, errand_id: UUID, pieces: Iterator[Progress]) -> Progress | None:
        """Do one piece as the person who asked, who must still be what they were; None says there is no more."""
        with scoped(EVERYTHING):
            row = Errand.objects.get(pk=errand_id)
            if row.is_stop_asked:
                return Progress(row.done, row.of, row.phase)
            actor = _actor(row, at=timezone.now())
        if self._under_way[errand_id][0].is_apart:
            return next(pieces, None)
        with scoped(actor.scope):
            return next(pieces, None)

    def _release(self, errand_id: UUID) -> None:
        _work, pieces = self._under_way.pop(errand_id)
        _close(pieces)
        locks.let_go(locks.Kind.ERRAND, errand_id)

    # ------------------------------------------------------------ what is called again and again

    def _call_due(self, now_s: float) -> None:
        for name, (each, due_s) in self._due.items():
            if now_s < due_s:
                continue
            self._due[name] = each, now_s + each.every_s
            _call(each)


def _actor(row: Errand, *, at: datetime) -> Actor:
    """Return who asked, with the role and area they have today. Raises: AccessError if the role has ended."""
    if row.membership_id is None:  # the platform itself, which alone may ask without a role
        return accounts.SYSTEM
    return accounts.actor_again(row.person_id, membership_id=row.membership_id, on=legal_day(at))


def _note(errand_id: UUID, progress: Progress | None) -> str:
    """Write down how far an errand is and return its state."""
    now = timezone.now()
    with scoped(EVERYTHING):
        row = Errand.objects.select_for_update().get(pk=errand_id)
        if progress is None:
            return _finish(row, DONE, at=now)
        if progress.phase != row.phase:
            row.leg_at, row.leg_done = now, progress.done
        row.phase, row.done, row.of = progress.phase, progress.done, rules.within(progress.done, progress.of)
        row.result = {**row.result, **progress.result}
        row.deaths, row.seen_at = 0, now
        if progress.cursor is not None:
            row.cursor = dict(progress.cursor)
        if progress.asks:
            row.state = ASKS
        elif row.is_stop_asked:
            return _finish(row, STOPPED, at=now)
        row.save()
        return str(row.state)


def _finish(row: Errand, state: str, *, at: datetime) -> str:
    row.state, row.is_stop_asked, row.ended_at, row.seen_at = state, False, at, at
    row.save()
    return state


def _end(errand_id: UUID, state: str, *, error: PlumblineError) -> None:
    with scoped(EVERYTHING):
        row = Errand.objects.select_for_update().get(pk=errand_id)
        row.fault = rules.kept_faults(error)
        _finish(row, state, at=timezone.now())


def _own_mistake() -> StateError:
    return StateError(
        say("程序出错，这项作业停在上一步；已写入的没有丢"),
        remedy=say("请系统管理员查看数据目录下 run/worker.log，再点“继续”"),
    )


def _call(each: Periodic) -> None:
    """Call what is due, unless another worker is at it; a mistake of ours is logged, and it is called again in time."""
    key = locks.named(each.name)
    if not locks.try_hold_on(locks.Kind.PERIODIC, key):
        return
    try:
        each.run(timezone.now())
    except LOST_CONNECTION:
        raise
    except Exception:  # one function that fails must not keep the others and the errands from running
        log.exception("%s failed", each.name)
    locks.let_go(locks.Kind.PERIODIC, key)


def _close(pieces: Iterator[Progress]) -> None:
    """Close the files a work holds open."""
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
