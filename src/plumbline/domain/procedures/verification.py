"""Mandatory verification: the guards and effects of its acts. States, roles, forms and clocks are in the rulebook.

An act is asked for with the key of its request: asked twice, it is done once and answered the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
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
from plumbline.domain.credentials import queries as credentials
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal import queries as acts
from plumbline.domain.journal.types import ActFacts, NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.laboratory import actions as laboratory
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.laboratory.types import JobFacts, Measurement
from plumbline.domain.ledger import queries as ledger
from plumbline.domain.notices import actions as notices
from plumbline.domain.procedures import application
from plumbline.domain.procedures.own_code import Effect, Guard, OwnCode
from plumbline.domain.procedures.telling import tell_awaited
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.domain.rows.scope import EVERYTHING, scoped
from plumbline.errors import InputError, InputErrors, RuleError, StateError, Term, Text, say
from plumbline.rulebook import catalogue, separation
from plumbline.rulebook.calendar import legal_day


@dataclass(frozen=True)
class Preview:
    """What an application would send, cleaned, about which instruments, and to which institute."""

    form: Mapping[str, object]
    instruments: Sequence[InstrumentFacts]
    body_id: UUID


@transaction.atomic
def apply(actor: Actor, *, request: ActRequest, at: datetime) -> CaseFacts:
    """Open a case for the instruments of one site; the institute that holds the item in the area gets it.

    Raises: InputErrors beside the fields; RuleError if nobody in the area holds the item; StateError if an instrument
    is in an open case already.
    """
    request = engine.asking(replace(request, act="submit", seen=0), about=actor.organisation_id)
    if done := engine.already_done(actor, request):
        return cases.case(done.subject_id)
    instruments = application.chosen_instruments(actor, request.form)
    region_code = instruments[0].region_code
    body_id = application.body_for(instruments, region_code, at=at)
    opening = Opening(
        application.PROCEDURE, actor.organisation_id, body_id, region_code, application.title_of(instruments)
    )
    case = engine.open_case(actor, opening, request=request, at=at)
    application.require_sound(actor, case.details, instruments=instruments, at=at)
    laboratory.open_jobs(case, instruments)
    owner = Term(case.owner_name, case.owner_name_en or case.owner_name)
    told = say("{owner}提交了检定申请 {number}", owner=owner, number=case.number)
    notices.tell(body_id, told, link=f"/cases/{case.number}", at=at)
    return case


def applied(actor: Actor, request_id: UUID) -> UUID | None:
    """Return the case that a request of this actor has opened, None for a key they have not used."""
    done = acts.act_by_request(request_id)
    return done.subject_id if done is not None and done.person_id == actor.person_id else None


def preview(actor: Actor, *, form: Mapping[str, object], at: datetime) -> Preview:
    """Return what `apply` would send and to whom; writes nothing. Raises: what `apply` raises."""
    try:
        instruments = application.chosen_instruments(actor, form)
    except InputError as error:
        raise InputErrors([error, *_other_faults(form, besides=error.field)]) from error
    region_code = instruments[0].region_code
    body_id = application.body_for(instruments, region_code, at=at)
    opening = Opening(
        application.PROCEDURE, actor.organisation_id, body_id, region_code, application.title_of(instruments)
    )
    cleaned = engine.examine(actor, opening, act_name="submit", form=form)
    application.require_sound(actor, cleaned, instruments=instruments, at=at)
    return Preview(cleaned, instruments, body_id)


def _other_faults(form: Mapping[str, object], *, besides: str | None) -> list[InputError]:
    """Return what else is wrong with an application whose instruments are, so that all of it is mended at once."""
    found = engine.form_faults(application.PROCEDURE, "submit", form=form)
    return [each for each in found if each.field != besides]


@transaction.atomic
def record(actor: Actor, job_id: UUID, *, measurement: Measurement, request: ActRequest, at: datetime) -> CaseFacts:
    """Commit the raw record of one job; with the last one the case goes to the checker."""
    request = engine.asking(replace(request, act="record"), about=job_id, said=asdict(measurement))
    if done := engine.already_done(actor, request):
        return cases.case(done.subject_id)
    job = jobs.job(job_id)
    turn = engine.begin(actor, job.case_id, request=request)
    if job.record_id is not None:
        raise StateError(say("这台器具的记录已经提交"), remedy=say("要改时，请核验员退回后重做"))
    _refuse_before_work(turn, measurement.performed_on)
    written = laboratory.commit_record(actor, turn.case, job_id=job_id, measurement=measurement, at=at)
    left = sum(each.record_id is None for each in jobs.jobs_of(job.case_id))
    facts = {"job": str(job_id), "record": written.number, "verdict": jobs.evaluation_of(written).verdict}
    case = engine.complete(actor, turn, request=replace(request, outcome="more" if left else "all", facts=facts), at=at)
    tell_awaited(actor, case, before=turn.case, at=at)
    return case


@transaction.atomic
def issue(actor: Actor, job_id: UUID, *, request: ActRequest, at: datetime) -> CertificateFacts:
    """Issue the certificate or result notice of one job, in one transaction with everything it consists of.

    Raises: Unconfirmed before anything else is asked; what the engine and `certificates.issue` raise.
    """
    day = legal_day(at)
    request = engine.asking(replace(request, act="issue"), about=job_id)
    if engine.already_done(actor, request):
        return jobs.certificate_of(jobs.job(job_id), on=day)
    credentials.require_fresh(actor, "verification.issue", at=at)
    turn = engine.begin(actor, jobs.job(job_id).case_id, request=request)
    all_jobs = {job.id: job for job in jobs.jobs_of(turn.case.id)}  # asked again: the case is locked from here on
    job = all_jobs[job_id]
    if job.record_id is None:
        raise StateError(say("这台器具还没有原始记录"), remedy=say("先由检定员提交记录"))
    if job.certificate_id is not None:
        raise StateError(say("这次检定的证书已经签发过了"), remedy=say("要改内容时，用“更换证书”另发一份"))
    verifier_id = jobs.record(job.record_id).verifier_id
    _require_three(turn.case, {"verifier": verifier_id, "checker": _checker(turn.story), "approver": actor.person_id})
    draft = jobs.draft_of(turn.case, job, story=turn.story, approver=actor, at=at)
    issued = certificates.issue(actor, draft, at=at)
    laboratory.attach_certificate(job_id, issued.id)
    left = sum(each.certificate_id is None for each in all_jobs.values() if each.id != job_id)
    facts = {
        "job": str(job_id), "certificate": issued.number, "kind": issued.kind, "assurance": actor.assurance.told,
    }  # fmt: skip
    engine.complete(actor, turn, request=replace(request, outcome="more" if left else "all", facts=facts), at=at)
    return issued


@transaction.atomic
def supersede(actor: Actor, job_id: UUID, *, request: ActRequest, at: datetime) -> CertificateFacts:
    """Issue a replacement from the same raw record with what the registers say now; the old one stays, superseded.

    The form holds the `reason`, and the number of the `certificate` its author looked at.
    Raises: AccessError; Unconfirmed; RuleError if duties of this job meet in one person; InputError without a reason,
    or one that cannot be shown; StateError if there is nothing to replace, or that one has been replaced.
    """
    job = jobs.job(job_id)
    day = legal_day(at)
    request = engine.asking(replace(request, act="certificate.supersede"), about=job_id)
    if engine.already_done(actor, request):
        return jobs.certificate_of(job, on=day)
    case = cases.case(job.case_id)
    accounts.require(actor, request.act, subject=Subject(case.owner_id, case.body_id, case.region_code))
    credentials.require_fresh(actor, request.act, at=at)
    reason = certificates.require_ending_reason(str(request.form.get("reason", "")))
    old = jobs.certificate_of(job, on=day)
    if request.form.get("certificate", old.number) != old.number:
        raise StateError(say("这份证书已经不是最新的一份"), remedy=say("到业务页打开最新的证书再更换"))
    if old.is_ended or old.is_load_test or job.record_id is None:
        raise StateError(say("证书 {number} 已经撤销或更换", number=old.number), remedy=say("到证书页查看它现在的状态"))
    story = cases.story(case.id)
    verifier_id = jobs.record(job.record_id).verifier_id
    _require_three(case, {"verifier": verifier_id, "checker": _checker(story), "approver": actor.person_id})
    draft = jobs.draft_of(case, job, story=story, approver=actor, at=at)
    issued = certificates.issue(actor, replace(draft, supersedes=old.id), at=at)
    laboratory.attach_certificate(job_id, issued.id)
    about = JournalSubject("certificate", old.id, case.owner_id, case.body_id, case.region_code)
    data = {"reason": reason, "by": issued.number, "assurance": actor.assurance.told}
    journal.append(actor, about, act=NewAct(request.act, data, asked=request.asked), at=at)
    return issued


def _refuse_before_work(turn: Turn, performed_on: date) -> None:
    """Pass if the day performed is not before the case was first where the work may be done."""
    begun = next(act for act in turn.story if act.data["to"] in turn.act.from_states)
    day = legal_day(begun.at)
    if performed_on < day:
        act = turn.procedure.act(begun.name)
        raise InputError(
            say("检定日期 {day} 早于“{act}”的 {begun}", day=performed_on, act=Term(act.zh, act.en), begun=day),
            remedy=say("填实际检定的日期"),
            field="performed_on",
        )


def _guard_resubmit(actor: Actor, turn: Turn, *, at: datetime) -> None:
    """Pass if the amended application could have been made so: at the same place, to the same institute."""
    if turn.form["site"] != turn.folded.details.get("site"):
        raise InputError(say("补正不能换使用地点"), remedy=say("撤回这个申请，按新的地点另行申请"), field="site")
    instruments = application.chosen_instruments(actor, turn.form, of_case=turn.case.id)
    application.require_sound(actor, turn.form, instruments=instruments, at=at)
    if application.body_for(instruments, turn.case.region_code, at=at) != turn.case.body_id:
        raise RuleError(
            say("这些器具不由{body}检定", body=turn.case.body_name),
            remedy=say("撤回这个申请，为这些器具另行申请"),
            field="instruments",
        )


def _guard_assign(actor: Actor, turn: Turn, *, at: datetime) -> None:
    day = legal_day(at)
    _refuse_past_plan(turn, day)
    people = {duty: UUID(str(turn.form[duty])) for duty in cases.DUTIES}
    _require_three(turn.case, people)
    for duty, person in people.items():  # a duty has the name of the role that may do it
        able = {each for each, _ in accounts.people_with_role(actor.organisation_id, duty, on=day)}
        if person not in able:
            raise InputError(
                say("所选的人在本机构没有“{role}”角色", role=accounts.role_name(duty)),
                remedy=say("从名单里选一位"),
                field=duty,
            )
    instruments = registers.instruments_by_id(job.instrument_id for job in jobs.jobs_of(turn.case.id))
    for category in {each.category for each in instruments}:
        held = directory.qualifications(people["verifier"], category, institution_id=turn.case.body_id)
        if not any(each.covers(category, day) for each in held):
            name = catalogue.by_code(category)
            raise RuleError(
                say("所选检定员在 {day} 没有有效的“{category}”资格", day=day, category=Term(name.zh, name.en)),
                remedy=say("改派资格有效的检定员，或先续期"),
                field="verifier",
            )


def _refuse_past_plan(turn: Turn, day: date) -> None:
    planned = turn.form.get("planned_on")
    if planned and date.fromisoformat(str(planned)) < day:
        raise InputError(
            say("计划日期 {day} 已经过去", day=planned),
            remedy=say("填今天或以后的日期，也可以不填"),
            field="planned_on",
        )


def _guard_review(actor: Actor, turn: Turn, *, at: datetime) -> None:  # noqa: ARG001  # one signature for all guards
    _require_apart(turn.case, {"checker": actor.person_id})


def _guard_approve(actor: Actor, turn: Turn, *, at: datetime) -> None:  # noqa: ARG001  # one signature for all guards
    _require_apart(turn.case, {"checker": _checker(turn.story), "approver": actor.person_id})


def _guard_deliver(actor: Actor, turn: Turn, *, at: datetime) -> None:  # noqa: ARG001  # one signature for all guards
    issued = jobs.certificates_of(jobs.jobs_of(turn.case.id), on=legal_day(at))
    with scoped(EVERYTHING):
        ledger.proved_indices(each.statement_id for each in issued)


def _require_apart(case: CaseFacts, people: Mapping[str, UUID | None]) -> None:
    """Pass if these people and whoever measured any instrument of the case are apart as the rule asks."""
    committed = [job.record_id for job in jobs.jobs_of(case.id) if job.record_id]
    records = jobs.records(committed)
    for verifier in dict.fromkeys(records[each].verifier_id for each in committed):
        _require_three(case, {"verifier": verifier, **people})
    _require_three(case, people)


def _require_three(case: CaseFacts, people: Mapping[str, UUID | None]) -> None:
    path = [region.code for region in directory.path(case.region_code)]
    rule = separation.rule(application.PROCEDURE, path)
    for first, second in rule.conflicts(people):
        raise RuleError(
            say("{first}和{second}不能是同一个人", first=accounts.role_name(first), second=accounts.role_name(second)),
            where=say("业务 {number}", number=case.number),
            remedy=say("换另一个人办这一步"),
            field=second,
        )


def _job_ids(case: CaseFacts) -> set[str]:
    return {str(job.id) for job in jobs.jobs_of(case.id)}


def _checker(story: Sequence[ActFacts]) -> UUID | None:
    """Return who passed the last check: no document is approved or issued without one."""
    done = [act.person_id for act in story if act.name == "review"]
    return done[-1] if done else None


def _effect_resubmit(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:  # noqa: ARG001  # one signature
    laboratory.change_jobs(case, application.chosen_instruments(actor, turn.form, of_case=case.id))


def _effect_send_back(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:
    chosen = turn.form.get("jobs")
    wanted = {str(each) for each in chosen} if isinstance(chosen, list) else set()
    all_jobs: tuple[JobFacts, ...] = jobs.jobs_of(case.id)
    laboratory.reopen(actor, [job.id for job in all_jobs if not wanted or str(job.id) in wanted], at=at)


def _tell_owner(text: Callable[[CaseFacts], Text]) -> Effect:
    def effect(actor: Actor, turn: Turn, *, case: CaseFacts, at: datetime) -> None:  # noqa: ARG001  # one signature
        notices.tell(case.owner_id, text(case), link=f"/my/cases/{case.number}", at=at)

    return effect


_GUARDS: Mapping[str, Guard] = {
    "resubmit": _guard_resubmit,
    "assign": _guard_assign,
    "review": _guard_review,
    "approve": _guard_approve,
    "deliver": _guard_deliver,
}
_EFFECTS: Mapping[str, Effect] = {
    "accept": _tell_owner(
        lambda case: say(
            "{body}受理了申请 {number}",
            body=Term(case.body_name, case.body_name_en or case.body_name),
            number=case.number,
        )
    ),
    "resubmit": _effect_resubmit,
    "return": _tell_owner(lambda case: say("申请 {number} 被退回补正", number=case.number)),
    "send_back": _effect_send_back,
    "deliver": _tell_owner(lambda case: say("业务 {number} 的证书已送达，可以下载", number=case.number)),
}
OWN = OwnCode(_GUARDS, _EFFECTS, lambda turn: {"case_jobs": _job_ids(turn.case)})
"""What this code adds to the definition of mandatory verification."""
