"""`plumbline load --instruments N --certificates N --cases N`: fills a demo for a load test, by COPY, under every rule.

Written in batches, each one transaction with its mark in the journal: stopped by Ctrl-C or killed, the same command
goes on where it was. Runs on a demo or a new data folder only, never where records may be real.
"""

from __future__ import annotations

import argparse
import signal
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date
from types import FrameType
from typing import Generic, TypeVar
from uuid import UUID, uuid5

from django.utils import timezone

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.directory.types import OrganisationRow, PersonRow
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal import queries as acts
from plumbline.domain.journal.types import ActRow, NewAct, Subject
from plumbline.domain.laboratory import actions as laboratory
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers.types import InstrumentRow, SiteRow
from plumbline.domain.rows.bulk import require_demo
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError, Term, say
from plumbline.faces.commands.arguments import Arguments
from plumbline.faces.commands.demo.acting import sequence
from plumbline.faces.commands.load_test import province
from plumbline.faces.commands.load_test.holdings import Holdings
from plumbline.faces.commands.load_test.plan import Plan, Sizes
from plumbline.faces.commands.load_test.story import Teller, Written, numbered
from plumbline.faces.commands.terminal import tell
from plumbline.rulebook import procedures

T = TypeVar("T")
NAMESPACE = UUID("0b9e5a70-6c0f-5d0a-8f52-2f6f6c2f7a01")
BEGUN, BATCH, DONE = "load/begun", "load/batch", "load/done"
PROCEDURE, PLACE = "verification", "on_site"
STOPPED = 130
"""The exit code of a load stopped by Ctrl-C."""


@dataclass(frozen=True)
class Part(Generic[T]):
    """Some rows of a load, written in batches.

    prepare: makes the rows of the numbers from and before which, asking no database, so that it can be done beside the
    writing; write: writes them and returns how many there were.
    """

    name: str
    word: Term
    total: int
    size: int
    prepare: Callable[[int, int], T]
    write: Callable[[T], int]


def run(arguments: list[str]) -> int:
    """Load, or go on with a load that was stopped. Raises: StateError on anything but a demo, or for another load."""
    given = _parser().parse_args(arguments)
    require_demo()
    sizes = Sizes(given.instruments, given.certificates, given.cases)
    plan = Plan(sizes, given.seed, _begin(sizes, seed=given.seed, region=given.region), given.region)
    stopping = _stop_on_signal()
    started = time.monotonic()
    province.build(plan)
    sequence(timezone.now())
    holdings = Holdings(plan)
    rows = write_part(_owners(holdings), stopping) + write_part(_sites(holdings), stopping)
    rows += write_part(_instruments(holdings), stopping)
    rows += write_part(_cases(plan, holdings), stopping)
    if stopping:
        tell(say("已停下，没有写到一半的；再运行同一条命令会接着写"))
        return STOPPED
    province.open_owner(plan, holdings)
    _mark(DONE, {})
    seconds = max(time.monotonic() - started, 0.001)
    tell(say("压力测试数据已写好：{rows} 行，用时 {seconds} 秒，每秒 {rate} 行",
             rows=f"{rows:,}", seconds=round(seconds), rate=f"{round(rows / seconds):,}"))  # fmt: skip
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = Arguments(prog="./plumbline load")
    parser.add_argument("--instruments", type=int, default=1_000_000, help="器具 / instruments")
    parser.add_argument("--certificates", type=int, default=3_000_000, help="压力测试证书 / load-test rows")
    parser.add_argument("--cases", type=int, default=1_000_000, help="业务 / cases")
    parser.add_argument("--seed", type=int, default=1, help="相同的数得到相同的数据 / the same seed, the same rows")
    parser.add_argument("--region", default="330000", help="省级区划代码 / region code of a province")
    return parser


def _begin(sizes: Sizes, *, seed: int, region: str) -> date:
    """Return the day of this load: kept when it was begun. Raises: StateError where another load, or no demo, lies."""
    asked: dict[str, object] = {**asdict(sizes), "seed": seed, "region": region}
    begun = _marked(BEGUN)
    if begun is None:
        if known.has_real_organisations():
            raise StateError(
                say("这份数据里有不是演示的单位，不能写入压力测试数据"),
                remedy=say("用环境变量 PLUMBLINE_DATA 指定一个新的数据目录，再运行 plumbline load"),
            )
        day = timezone.localdate()
        Plan(sizes, seed, day, region).check()
        _mark(BEGUN, {**asked, "day": day.isoformat()})
        return day
    if {name: begun.get(name) for name in asked} != asked:
        raise StateError(
            say(
                "这份数据已按别的数量或种子开始写入：{begun}",
                begun=", ".join(f"{name} {begun[name]}" for name in asked),
            ),
            remedy=say("用那时的数量和种子接着写，或另用一个数据目录"),
        )
    return date.fromisoformat(str(begun["day"]))


def _owners(holdings: Holdings) -> Part[tuple[list[OrganisationRow], list[PersonRow]]]:
    return Part(
        "owners", Term("单位", "owners"), holdings.plan.owners, 20_000,
        lambda first, last: (list(holdings.organisations(first, last)), list(holdings.people(first, last))),
        lambda rows: directory.take_in_organisations(*rows),
    )  # fmt: skip


def _sites(holdings: Holdings) -> Part[list[SiteRow]]:
    return Part(
        "sites", Term("地点", "sites"), holdings.plan.sites, 50_000,
        lambda first, last: list(holdings.sites(first, last)), registers.take_in_sites,
    )  # fmt: skip


def _instruments(holdings: Holdings) -> Part[tuple[list[InstrumentRow], list[ActRow]]]:
    return Part(
        "instruments", Term("器具", "instruments"), holdings.plan.sizes.instruments, 25_000,
        lambda first, last: (list(holdings.instruments(first, last)), list(holdings.registering(first, last))),
        lambda rows: registers.take_in_instruments(rows[0]) + journal.take_in_acts(rows[1]),
    )  # fmt: skip


def _cases(plan: Plan, holdings: Holdings) -> Part[list[Written]]:
    limit = cases.time_limit(PROCEDURE, PLACE, region_code=plan.counties[0][0])
    teller = Teller(holdings, procedures.load(PROCEDURE), bodies=province.bodies(plan), limit=limit)
    return Part(
        "cases", Term("业务、证书行和经过", "cases, load-test rows and acts"), plan.sizes.cases, 4_000,
        lambda first, last: list(teller.cases(first, last)), _write_cases,
    )  # fmt: skip


def _write_cases(written: list[Written]) -> int:
    serials = engine.next_serials(len(written))
    count = engine.take_in_cases(numbered(each.case, serial) for each, serial in zip(written, serials, strict=True))
    count += engine.take_in_clocks(row for each in written for row in each.clocks)
    count += certificates.take_in_load_test(row for each in written for row in each.certificates)
    count += laboratory.take_in_jobs(row for each in written for row in each.jobs)
    return count + journal.take_in_acts(row for each in written for row in each.acts)


def write_part(part: Part[T], stopping: list[int]) -> int:
    """Write the batches of a part that are not there yet; returns the rows written now."""
    left = [
        (first, min(first + part.size, part.total))
        for first in range(0, part.total, part.size)
        if _marked(_batch(part.name, first)) is None
    ]
    rows, begun = 0, time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        ahead = deque(pool.submit(part.prepare, *span) for span in left[:1])
        for place, (first, last) in enumerate(left, start=1):
            if stopping:
                break
            ready = ahead.popleft().result()
            ahead.extend(pool.submit(part.prepare, *span) for span in left[place : place + 1])
            with scoped(EVERYTHING):
                rows += part.write(ready)
                _mark(_batch(part.name, first), {"until": last})
            rate = round(rows / max(time.monotonic() - begun, 0.001))
            tell(say("{what}：{done} / {total}，每秒 {rate} 行",
                     what=part.word, done=f"{last:,}", total=f"{part.total:,}", rate=f"{rate:,}"))  # fmt: skip
    return rows


def _batch(part: str, first: int) -> str:
    return f"{BATCH}/{part}/{first}"


def _stop_on_signal() -> list[int]:
    """Let a batch that is being written end before stopping; return the list that tells."""
    stopping: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001  # the signature of a signal handler
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping


def _key(name: str) -> UUID:
    return uuid5(NAMESPACE, name)


def _marked(name: str) -> dict[str, object] | None:
    with scoped(EVERYTHING):
        found = acts.act_by_request(_key(name))
    return dict(found.data) if found else None


def _mark(name: str, data: dict[str, object]) -> None:
    """Note in the journal that a part of the load is written, in the transaction that wrote it."""
    with scoped(EVERYTHING):
        if acts.act_by_request(_key(name)) is None:
            mark = NewAct(name, data, asked=journal.asked(_key(name), name))
            journal.append(SYSTEM, Subject("load", _key(name)), act=mark, at=timezone.now())
