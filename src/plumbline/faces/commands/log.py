"""`plumbline log sequence|status|audit`: run the one writer of the log, say how it stands, check all of it."""

from __future__ import annotations

import signal
import time
from types import FrameType

from django.db import OperationalError, connection
from django.utils import timezone

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates import queries as issued
from plumbline.domain.indicators import actions as indicators
from plumbline.domain.ledger import actions as ledger
from plumbline.domain.ledger import queries
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, say
from plumbline.faces.commands.terminal import tell, warn

EXIT_REFUSED = 1


def run(arguments: list[str]) -> int:
    """Run one of the verbs. Raises: InputError for another word."""
    verb = arguments[0] if arguments else "status"
    if verb == "sequence":
        return _sequence()
    if verb == "status":
        return _status()
    if verb == "audit":
        return _audit()
    raise InputError(say("log 没有“{verb}”这个用法", verb=verb), remedy=say("用 sequence、status 或 audit"))


def follow_up() -> None:
    """Do what follows from facts: log that one certificate supersedes another, publish the status list, count."""
    with scoped(EVERYTHING):
        for certificate_id in issued.unlogged_supersessions():
            certificates.log_supersession(SYSTEM, certificate_id, at=timezone.now())
    certificates.publish_status(at=timezone.now())
    indicators.refresh(at=timezone.now())


def _sequence() -> int:
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the signature of a signal handler
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while not stopping:
        try:
            ledger.sequence_until(should_stop=lambda: bool(stopping), after_turn=follow_up)
        except OperationalError as err:
            warn(say("数据库暂时不可用，一秒后再试：{reason}", reason=str(err).strip()))
            connection.close()
            time.sleep(1)
    return 0


def _status() -> int:
    state = queries.log_state()
    tell(
        say(
            "日志 {origin}：已签 {size} 条，等待 {waiting} 条",
            origin=state.origin,
            size=state.size,
            waiting=state.waiting,
        )
    )
    return 0


def _audit() -> int:
    report = ledger.audit()
    count, faulty = issued.audit()
    outcomes, untrue = issued.audit_outcomes()
    faults = [*report.faults, *faulty, *untrue]
    for fault in faults:
        warn(fault)
    tell(say("核对了 {entries} 条日志、{certificates} 份证书，发现 {faults} 处不符",
             entries=report.entries, certificates=count, faults=len(faults)))  # fmt: skip
    if outcomes:
        tell(say("另核对了各项业务签发的结果文件 {documents} 份", documents=outcomes))
    if aside := issued.load_test_rows():
        tell(say("另有 {rows} 行压力测试证书：没有文件，不在日志里，不是签发过的证书", rows=aside))
    return EXIT_REFUSED if faults else 0
