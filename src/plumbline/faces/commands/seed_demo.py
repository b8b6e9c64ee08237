"""`plumbline seed-demo [--accounts|--city]`: fills the demo, once; interrupted, it goes on where it stopped.

`--city` asks the worker for the whole city besides, and comes back at once: it is long work.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from functools import partial
from itertools import count

from django.conf import settings
from django.utils import timezone

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.queries import SYSTEM, role_name
from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.types import Revocation
from plumbline.domain.indicators import actions as indicators
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal import queries as acts
from plumbline.domain.journal.types import NewAct, Subject
from plumbline.domain.laboratory import queries as laboratory_documents
from plumbline.domain.laboratory.types import JobFacts
from plumbline.domain.procedures import verification
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import StateError, Term, Text, say
from plumbline.faces.commands.demo import city, plan, script, whole_city
from plumbline.faces.commands.demo.acting import key, moment, request, sequence
from plumbline.faces.commands.demo.story import Storyteller, Visit
from plumbline.faces.commands.log import follow_up
from plumbline.faces.commands.terminal import in_words, tell
from plumbline.faces.kit import demo_city

BEGUN, DONE = "demo/begun", "demo/done"


def run(arguments: list[str]) -> int:
    """Fill the demo, or with --accounts print its accounts. Raises: StateError outside demo mode."""
    if "--accounts" in arguments:
        _tell_accounts()
        return 0
    if not settings.PLUMBLINE_DEMO:
        raise StateError(say("这份数据不是演示模式，不写入演示数据"), remedy=say("用 ./plumbline demo 另开一份演示"))
    if "--city" in arguments:
        return _ask_for_city()
    if _marked(DONE):
        return 0
    started = time.monotonic()
    today = _first_day()
    city.build(today)
    sequence(moment(today, 7))
    teller = Storyteller(today)
    parts = (script.first_round(today), script.second_round(today), script.live(today))
    steps = count(1)
    of = 2 * sum(map(len, parts))  # each visit is measured, then its certificates are issued
    for visits in parts:
        teller.tell(visits, lambda visit: _tell_progress(visit, next(steps), of=of))
    script.tell_turns(teller, today)
    _afterwards(teller, today)
    indicators.refresh(at=timezone.now())
    _mark(DONE, today)
    tell(say("演示数据已写好，用时 {seconds} 秒", seconds=round(time.monotonic() - started)))
    return 0


def _ask_for_city() -> int:
    """Ask for the whole city, which stands on the demo. Raises: StateError before the demo is written."""
    if not _marked(DONE):
        raise StateError(say("演示数据还没有写完"), remedy=say("先运行 ./plumbline demo，等它写完"))
    at = timezone.now()
    actor = accounts.actor_of(whole_city.OFFICIAL, on=timezone.localdate(at))
    with scoped(actor.scope):
        found = demo_city.ask(actor, at=at)
    tell(say("整座城市由后台填充，进度在“长作业”一页（账号 {name}）", name=whole_city.OFFICIAL))
    return 0 if found.state != "failed" else 1


def _afterwards(teller: Storyteller, today: date) -> None:
    """Revoke one certificate of the second round, and supersede another."""
    visits = script.second_round(today)
    revoked, superseded = (teller.jobs(visits[place])[0] for place in (3, 4))
    at = moment(today, 7, minute=30)
    teller.cast.do("approver", lambda actor: _revoke(actor, revoked, at=at))
    asked = request("supersede", "certificate.supersede", form={"reason": "更正单位地址"})
    step = partial(verification.supersede, job_id=superseded.id, request=asked, at=at)
    teller.cast.do("approver", step)
    sequence(at)
    follow_up()
    sequence(at)


def _revoke(actor: Actor, job: JobFacts, *, at: datetime) -> None:
    found = laboratory_documents.certificate_of(job, on=at.date())
    why = "复查发现所用量器贴错编号，停止使用本证书，重新申请检定"
    certificates.revoke(actor, found.id, revocation=Revocation("issued_in_error", why, key("revoke")), at=at)


def _first_day() -> date:
    """Return the day the demo was begun: every date of it is counted from there, also when it is taken up again."""
    begun = _marked(BEGUN)
    if begun is None:
        begun = timezone.localdate()
        _mark(BEGUN, begun)
    return begun


def _marked(name: str) -> date | None:
    """Return the day a mark of the demo was made for, None if it was not made yet."""
    with scoped(EVERYTHING):
        found = acts.act_by_request(key(name))
    return date.fromisoformat(str(found.data["day"])) if found else None


def _mark(name: str, day: date) -> None:
    with scoped(EVERYTHING):
        mark = NewAct(name, {"day": day.isoformat()}, asked=journal.asked(key(name), name))
        journal.append(SYSTEM, Subject("demo", key(name)), act=mark, at=timezone.now())


def _tell_progress(visit: Visit, step: int, *, of: int) -> None:
    station = Term(visit.station.name_zh, visit.station.name_en)
    tell(say("演示数据 {step}/{of}：{station}，{day}", step=step, of=of, station=station, day=visit.applied_on))


def _tell_accounts() -> None:
    for account in plan.ACCOUNTS:
        name = in_words(Text("{role}", {"role": role_name(account.role)}))
        print(f"  {account.username:<12} {plan.PASSWORD:<16} {name}")
