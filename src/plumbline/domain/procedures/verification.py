"""Mandatory verification: the guards and effects of its acts. States, roles, forms and clocks are in the rulebook.

An act is asked for with the key of its request: asked twice, it is done once and answered the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.cases import actions as engine
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.actions import Opening, Turn
from plumbline.domain.cases.types import ActRequest, CaseFacts
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.laboratory import actions as laboratory
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.laboratory.types import JobFacts, Measurement
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.notices import actions as notices
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.domain.rows import locks
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, RuleError, StateError, Term, Text, say
from plumbline.rulebook import catalogue, separation

PROCEDURE = "verification"
MOST_INSTRUMENTS = 100


class Guard(Protocol):
    """What must hold before an act, beyond what the engine asks."""

    def __call__(self, actor: Actor, turn: Turn, *, at: datetime) -> None: ...


class Effect(Protocol):
    """What follows from an act, in its transaction."""

    def __call__(self, actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None: ...


@dataclass(frozen=True)
class Preview:
    """What an application would send, cleaned, about which instruments, and to which institute."""

    form: Mapping[str, object]
    instruments: Sequence[InstrumentFacts]
    body_id: UUID


DUTIES = {"verifier": "verifier", "checker": "checker", "approver": "approver"}


@transaction.atomic
def apply(actor: Actor, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Open a case for the instruments of one site; the institute that holds the item in the area gets it.

    Raises: InputErrors beside the fields; RuleError if nobody in the area holds the item; StateError if an instrument
    is in an open case already.
    """
    if done := engine.already_done(request.request_id, actor):
        return cases.case(done.subject_id)
    instruments = _instruments(actor, request.form)
    region_code = instruments[0].region_code
    body_id = _body_for(instruments, region_code, at=at)
    opening = Opening(PROCEDURE, actor.organisation_id, body_id, region_code, _title(instruments))
    case = engine.open_case(actor, opening, request=replace(request, act="submit", seen=0), at=at)
    _refuse_past(case.details, at=at)
    laboratory.open_jobs(case, instruments)
    notices.tell(body_id, say("{owner}提交了检定申请 {number}", owner=case.owner_name, number=case.number),
                 link=f"/cases/{case.number}", at=at)  # fmt: skip
    return case


def preview(actor: Actor, *, form: Mapping[str, object], at: datetime) -> Preview:
    """Return what `apply` would send and to whom; writes nothing. Raises: what `apply` raises."""
    instruments = _instruments(actor, form)
    region_code = instruments[0].region_code
    body_id = _body_for(instruments, region_code, at=at)
    opening = Opening(PROCEDURE, actor.organisation_id, body_id, region_code, _title(instruments))
    cleaned = engine.examine(actor, opening, act_name="submit", form=form)
    _refuse_past(cleaned, at=at)
    return Preview(cleaned, instruments, body_id)


@transaction.atomic
def perform(actor: Actor, case_id: UUID, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Do one act on a case, other than those on a single job. Raises: what its guards raise; nothing is half done."""
    if done := engine.already_done(request.request_id, actor):
        return cases.case(done.subject_id)
    turn = engine.begin(actor, case_id, request=request)
    if turn.act.per_job:
        raise InputError(say("“{act}”要逐台器具办理", act=Term(turn.act.zh, turn.act.en)))
    guard = _GUARDS.get(turn.act.name)
    if guard:
        guard(actor, turn, at=at)
    case = engine.complete(actor, turn, request=request, at=at)
    effect = _EFFECTS.get(turn.act.name)
    if effect:
        effect(actor, turn, case=case, at=at)
    return case


@transaction.atomic
def record(actor: Actor, job_id: UUID, *, measurement: Measurement, request: ActRequest, at: datetime) -> CaseFacts:
    """Commit the raw record of one job; with the last one the case goes to the checker."""
    if done := engine.already_done(request.request_id, actor):
        return cases.case(done.subject_id)
    job = jobs.job(job_id)
    turn = engine.begin(actor, job.case_id, request=replace(request, act="record"))
    if job.record_id is not None:
        raise StateError(say("这台器具的记录已经提交"), remedy=say("要改时，请核验员退回后重做"))
    written = laboratory.commit_record(actor, turn.case, job_id=job_id, measurement=measurement, at=at)
    left = sum(each.record_id is None for each in jobs.jobs_of(job.case_id))
    facts = {"job": str(job_id), "record": written.number, "verdict": jobs.evaluation_of(written).verdict}
    asked = replace(request, act="record", outcome="more" if left else "all", facts=facts)
    return engine.complete(actor, turn, request=asked, at=at)


@transaction.atomic
def issue(actor: Actor, job_id: UUID, *, request: ActRequest, at: datetime) -> CertificateFacts:
    """Issue the certificate or result notice of one job, in one transaction with everything it consists of."""
    day = at.astimezone(jobs.LEGAL_ZONE).date()
    if engine.already_done(request.request_id, actor):
        return jobs.certificate_of(jobs.job(job_id), on=day)
    turn = engine.begin(actor, jobs.job(job_id).case_id, request=replace(request, act="issue"))
    all_jobs = {job.id: job for job in jobs.jobs_of(turn.case.id)}  # asked again: the case is locked from here on
    job = all_jobs[job_id]
    if job.record_id is None:
        raise StateError(say("这台器具还没有原始记录"), remedy=say("先由检定员提交记录"))
    if job.certificate_id is not None:
        raise StateError(say("这次检定的证书已经签发过了"), remedy=say("要改内容时，用“更换证书”另发一份"))
    verifier_id = jobs.record(job.record_id).verifier_id
    _require_three(turn, {"verifier": verifier_id, "checker": _checker(turn), "approver": actor.person_id})
    draft = jobs.draft_of(turn.case, job, story=turn.story, approver=actor, at=at)
    issued = certificates.issue(actor, draft, at=at)
    laboratory.attach_certificate(job_id, issued.id)
    left = sum(each.certificate_id is None for each in all_jobs.values() if each.id != job_id)
    facts = {"job": str(job_id), "certificate": issued.number, "kind": issued.kind}
    asked = replace(request, act="issue", outcome="more" if left else "all", facts=facts)
    engine.complete(actor, turn, request=asked, at=at)
    return issued


@transaction.atomic
def supersede(actor: Actor, job_id: UUID, *, reason: str, request_id: UUID, at: datetime) -> CertificateFacts:
    """Issue a replacement from the same raw record with what the registers say now; the old one stays, superseded.

    Raises: AccessError, InputError without a reason, StateError if there is nothing to replace.
    """
    job = jobs.job(job_id)
    day = at.astimezone(jobs.LEGAL_ZONE).date()
    if engine.already_done(request_id, actor):
        return jobs.certificate_of(job, on=day)
    case = cases.case(job.case_id)
    accounts.require(actor, "certificate.supersede", subject=_subject(case))
    if not reason.strip():
        raise InputError(say("没有写更换原因"), remedy=say("写清改了什么、为什么改"), field="reason")
    old = jobs.certificate_of(job, on=day)
    if old.status in ("revoked", "superseded") or job.record_id is None:
        raise StateError(say("证书 {number} 已经撤销或更换", number=old.number), remedy=say("到证书页查看它现在的状态"))
    draft = jobs.draft_of(case, job, story=cases.story(case.id), approver=actor, at=at)
    issued = certificates.issue(actor, replace(draft, supersedes=old.id), at=at)
    laboratory.attach_certificate(job_id, issued.id)
    story = JournalSubject("certificate", old.id, case.owner_id, case.body_id, case.region_code)
    act = NewAct("certificate.supersede", {"reason": reason, "by": issued.number}, request_id=request_id)
    journal.append(actor, story, act=act, at=at)
    return issued


def _instruments(actor: Actor, form: Mapping[str, object]) -> list[InstrumentFacts]:
    raw = form.get("instruments")
    keys = [_key(each) for each in raw] if isinstance(raw, list | tuple) else []
    if not keys:
        raise InputError(say("还没有选要检定的器具"), remedy=say("至少选一台"), field="instruments")
    if len(keys) > MOST_INSTRUMENTS:
        raise InputError(
            say("一次最多申请 {most} 台，现在是 {count} 台", most=MOST_INSTRUMENTS, count=len(keys)),
            remedy=say("分几次申请"),
            field="instruments",
        )
    found = registers.instruments_by_id(keys)
    if len(found) != len(set(keys)) or any(each.owner_id != actor.organisation_id for each in found):
        raise InputError(say("所选器具里有不属于本单位的"), remedy=say("从本单位的台账里选"), field="instruments")
    _require_presentable(found)
    return sorted(found, key=lambda each: keys.index(each.id))


def _refuse_past(form: Mapping[str, object], *, at: datetime) -> None:
    wanted = form.get("wanted_on")
    if wanted and date.fromisoformat(str(wanted)) < at.astimezone(jobs.LEGAL_ZONE).date():
        raise InputError(
            say("希望的日期 {day} 已经过去", day=wanted),
            remedy=say("填今天或以后的日期，也可以不填"),
            field="wanted_on",
        )


def _title(instruments: Sequence[InstrumentFacts]) -> str:
    """Return the place the case is about: the site's name, else the first instrument's."""
    site_id = instruments[0].site_id
    return registers.site(site_id).name_zh if site_id else instruments[0].name_zh


def _require_presentable(found: Sequence[InstrumentFacts]) -> None:
    if len({each.site_id for each in found}) != 1:
        raise InputError(say("一次申请的器具要在同一个地点"), remedy=say("按地点分开申请"), field="instruments")
    for each in found:
        if not each.is_in_use:
            raise StateError(
                say("器具 {identity} 不在用，不能申请检定", identity=each.identity),
                remedy=say("从申请里去掉它，或先在台账里恢复使用"),
            )
    # Two applications at once must not both find it free.
    locks.hold_all(locks.Kind.INSTRUMENT, [each.id for each in found])
    busy = jobs.open_job_instruments([each.id for each in found])
    for each in found:
        if each.id in busy:
            raise StateError(
                say("器具 {identity} 已经在一项未办结的业务里", identity=each.identity),
                remedy=say("等那项业务办结，或先撤回"),
            )


def _key(raw: object) -> UUID:
    try:
        return UUID(str(raw))
    except ValueError as err:
        raise InputError(say("所选器具看不懂"), remedy=say("刷新页面重新选"), field="instruments") from err


def _body_for(instruments: Sequence[InstrumentFacts], region_code: str, *, at: datetime) -> UUID:
    day = at.astimezone(jobs.LEGAL_ZONE).date()
    categories = {each.category for each in instruments}
    bodies = [set(registers.bodies_with_scope(code, region_code, on=day)) for code in sorted(categories)]
    common = [body for body in registers.bodies_with_scope(min(categories), region_code, on=day)
              if all(body in each for each in bodies)]  # fmt: skip
    if not common:
        code = catalogue.by_code(min(categories))
        raise RuleError(
            say("本地区没有机构持有“{category}”的检定项目", category=Term(code.zh, code.en)),
            remedy=say("请向上一级市场监管部门申请指定机构"),
            field="instruments",
        )
    return common[0]


def _guard_assign(actor: Actor, turn: Turn, *, at: datetime) -> None:
    day = at.astimezone(jobs.LEGAL_ZONE).date()
    people = {duty: UUID(str(turn.form[duty])) for duty in DUTIES}
    _require_three(turn, people)
    for duty, role in DUTIES.items():
        able = {person for person, _ in accounts.people_with_role(actor.organisation_id, role, on=day)}
        if people[duty] not in able:
            raise InputError(
                say("所选的人在本机构没有“{role}”角色", role=accounts.role_name(role)),
                remedy=say("从名单里选一位"),
                field=duty,
            )
    for category in {registers.instrument(job.instrument_id).category for job in jobs.jobs_of(turn.case.id)}:
        held = directory.qualifications(people["verifier"], category, institution_id=turn.case.body_id)
        if not any(each.covers(category, day) for each in held):
            name = catalogue.by_code(category)
            raise RuleError(
                say("所选检定员在 {day} 没有有效的“{category}”资格", day=day, category=Term(name.zh, name.en)),
                remedy=say("改派资格有效的检定员，或先续期"),
                field="verifier",
            )


def _guard_review(actor: Actor, turn: Turn, *, at: datetime) -> None:  # noqa: ARG001  # one signature for all guards
    for job in jobs.jobs_of(turn.case.id):
        verifier = jobs.record(job.record_id).verifier_id if job.record_id else None
        _require_three(turn, {"verifier": verifier, "checker": actor.person_id})


def _guard_approve(actor: Actor, turn: Turn, *, at: datetime) -> None:  # noqa: ARG001  # one signature for all guards
    for job in jobs.jobs_of(turn.case.id):
        verifier = jobs.record(job.record_id).verifier_id if job.record_id else None
        _require_three(turn, {"verifier": verifier, "checker": _checker(turn), "approver": actor.person_id})


def _guard_deliver(actor: Actor, turn: Turn, *, at: datetime) -> None:  # noqa: ARG001  # one signature for all guards
    day = at.astimezone(jobs.LEGAL_ZONE).date()
    for job in jobs.jobs_of(turn.case.id):
        issued = jobs.certificate_of(job, on=day)
        with scoped(EVERYTHING):
            ledger.proved_index(issued.statement_id)


def _require_three(turn: Turn, people: Mapping[str, UUID | None]) -> None:
    path = [region.code for region in directory.path(turn.case.region_code)]
    rule = separation.rule(PROCEDURE, path)
    for first, second in rule.conflicts(people):
        raise RuleError(
            say("{first}和{second}不能是同一个人", first=accounts.role_name(first), second=accounts.role_name(second)),
            where=say("业务 {number}", number=turn.case.number),
            remedy=say("换另一个人办这一步"),
            field=second,
        )


def _checker(turn: Turn) -> UUID | None:
    done = [act.person_id for act in turn.story if act.name == "review"]
    return done[-1] if done else turn.folded.people.get("checker")


def _effect_send_back(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:
    chosen = turn.form.get("jobs")
    wanted = {str(each) for each in chosen} if isinstance(chosen, list) else set()
    all_jobs: tuple[JobFacts, ...] = jobs.jobs_of(case.id)
    laboratory.reopen(actor, [job.id for job in all_jobs if not wanted or str(job.id) in wanted], at=at)


def _tell_owner(text: Callable[[CaseFacts], Text]) -> Effect:
    def effect(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:  # noqa: ARG001  # one signature
        notices.tell(case.owner_id, text(case), link=f"/my/cases/{case.number}", at=at)

    return effect


def _subject(case: CaseFacts) -> Subject:
    return Subject(owner_id=case.owner_id, body_id=case.body_id, region_code=case.region_code)


_GUARDS: Mapping[str, Guard] = {
    "assign": _guard_assign,
    "review": _guard_review,
    "approve": _guard_approve,
    "deliver": _guard_deliver,
}
_EFFECTS: Mapping[str, Effect] = {
    "accept": _tell_owner(lambda case: say("{body}受理了申请 {number}", body=case.body_name, number=case.number)),
    "return": _tell_owner(lambda case: say("申请 {number} 被退回补正", number=case.number)),
    "send_back": _effect_send_back,
    "deliver": _tell_owner(lambda case: say("业务 {number} 的证书已送达，可以下载", number=case.number)),
}
