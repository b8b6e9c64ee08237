"""What a certificate says, put together from the record, the registers and the people who acted.

Leaves numbers, documents and signatures to `certificates`, and whether the act is allowed to the procedure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import queries as cases
from plumbline.domain.cases.types import CaseFacts
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import Authority, CertificateFacts, Draft
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts, QualificationFacts
from plumbline.domain.journal.types import ActFacts
from plumbline.domain.laboratory import rules
from plumbline.domain.laboratory.queries import records
from plumbline.domain.laboratory.types import JobFacts, RecordFacts
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, StandardFacts
from plumbline.errors import StateError, Term, Text, say
from plumbline.evidence.document import content as paper
from plumbline.evidence.document.content import Bilingual
from plumbline.rulebook import catalogue, regulations
from plumbline.rulebook.calendar import legal_day
from plumbline.rulebook.regulations.model import Column, Regulation
from plumbline.rulebook.regulations.record import point_texts, run_text
from plumbline.science.metrology.evaluation import Evaluation, Point

SIGNING_ACTS = {"record": "verifier", "review": "checker"}
PASS = Bilingual("合格", "Conforms")
FAIL = Bilingual("不合格", "Does not conform")
RULE_BANNER_EN = "The data of this rule have not yet been compared with the original text by a person"
ERROR = paper.Column("error", Bilingual("示值误差", "Error of indication"), "%", signed=True)


@dataclass(frozen=True)
class Basis:
    """All that one document is made from."""

    case: CaseFacts
    job: JobFacts
    record: RecordFacts
    instrument: InstrumentFacts
    regulation: Regulation
    evaluation: Evaluation
    standards: tuple[StandardFacts, ...]
    qualification: QualificationFacts


def certificate_of(job: JobFacts, *, on: date) -> CertificateFacts:
    """Return the document a job ended in. Raises: StateError if it has none yet."""
    return certificates_of([job], on=on)[0]


def certificates_of(jobs: Sequence[JobFacts], *, on: date) -> tuple[CertificateFacts, ...]:
    """Return the documents some jobs ended in, in one query. Raises: StateError if one has none yet."""
    issued = [job.certificate_id for job in jobs if job.certificate_id]
    if len(issued) < len(jobs):
        raise StateError(say("这台器具还没有签发证书"), remedy=say("先签发"))
    found = certificates.certificates(issued, on=on)
    if len(found) < len(issued):
        raise certificates.no_such_certificate()
    return tuple(found[each] for each in issued)


def draft_of(case: CaseFacts, job: JobFacts, *, story: Sequence[ActFacts], approver: Actor, at: datetime) -> Draft:
    """Return everything of the certificate or result notice of a job, short of its number. story: the case's acts.

    Raises: StateError while the job has no record; RuleError if scope, qualification or a measurement standard did not
    cover the day performed, or the body's seal does not cover the day of issue.
    """
    registers.require_seal(case.body_id, on=legal_day(at))
    basis, authority = _basis(case, job)
    body, owner = _parties(case)
    signers = [*_signers(basis, story), _Signer("approver", approver.person_id, at)]
    content = _content(basis, body, owner=owner, acts=_acts(signers))
    return Draft(
        origin_id=job.id,
        case_id=case.id,
        instrument_id=basis.instrument.id,
        instrument_code=basis.instrument.lookup_code,
        owner_id=case.owner_id,
        body_id=case.body_id,
        body_code=body.institution_code,
        region_code=case.region_code,
        content=content,
        record=basis.record.content,
        authority=authority,
    )


def preview_of(case: CaseFacts, job: JobFacts) -> paper.CertificateContent:
    """Return the content as it would be issued now, without number, for the checker's and approver's eyes.

    Raises: as `draft_of`.
    """
    basis, _ = _basis(case, job)
    body, owner = _parties(case)
    return _content(basis, body, owner=owner, acts=_acts(_signers(basis, cases.story(case.id))))


def _basis(case: CaseFacts, job: JobFacts) -> tuple[Basis, Authority]:
    if job.record_id is None:
        raise StateError(say("这台器具还没有原始记录"), remedy=say("先由检定员提交记录"))
    record = records.record(job.record_id)
    on = record.performed_on
    instrument = registers.instrument(job.instrument_id)
    category = catalogue.by_code(instrument.category)
    replay = records.replay(record)
    used = tuple(zip(record.standard_ids, replay.certificates_used, strict=True))
    standards = tuple(registers.standard_as_certified(*each) for each in used)
    held = directory.qualifications(record.verifier_id, instrument.category, institution_id=job.body_id)
    qualification, scope = rules.require_authority(
        Term(category.zh, category.en),
        on,
        qualifications=[each for each in held if each.number == replay.qualification],
        scope=registers.scope_for(job.body_id, instrument.category, region_code=job.region_code, on=on),
        standards=standards,
    )
    regulation = regulations.by_id(record.regulation)
    basis = Basis(case, job, record, instrument, regulation, replay.evaluation, standards, qualification)
    authority = Authority(
        officer_id=record.verifier_id,
        qualification=registers.attestation("qualification", qualification.id, on=on),
        scope=registers.attestation("scope", scope.id, on=on),
        standards=tuple(registers.standard_attestation(*each) for each in used),
        measurement=record.statement_id,
    )
    return basis, authority


def _parties(case: CaseFacts) -> tuple[OrganisationFacts, OrganisationFacts]:
    found = directory.organisations([case.body_id, case.owner_id])
    return found[case.body_id], found[case.owner_id]


def _content(
    basis: Basis, body: OrganisationFacts, *, owner: OrganisationFacts, acts: tuple[paper.Act, ...]
) -> paper.CertificateContent:
    passed = basis.evaluation.verdict == "pass"
    on = basis.record.performed_on
    return paper.CertificateContent(
        kind=paper.VERIFICATION if passed else paper.RESULT_NOTICE,
        number=None,
        institution=paper.Institution(
            Bilingual(body.name_zh, body.name_en), body.institution_code, body.authorisation_no,
            Bilingual(body.address_zh, body.address_en), body.postcode, body.phone, email=body.mail,
        ),
        applicant=paper.Applicant(
            Bilingual(owner.name_zh, owner.name_en), Bilingual(owner.address_zh, owner.address_en), owner.uscc
        ),
        instrument=_instrument(basis.instrument),
        regulation=_cited(basis.regulation),
        conclusion=PASS if passed else FAIL,
        acts=acts,
        performed_on=on,
        valid_until=basis.regulation.valid_until(on) if passed else None,
        issued_on=None,
        raw_record_number=basis.record.number,
        place=Bilingual(basis.record.place),
        place_kind="customer" if basis.case.details.get("place") == "on_site" else "laboratory",
        environment=_environment(basis),
        standards=tuple(_standard(each) for each in basis.standards),
        results=_results(basis),
        checks=tuple(
            paper.CheckOutcome(check.code, Bilingual(check.zh, check.en), check.answer)
            for check in basis.evaluation.checks
        ),
        failed_items=tuple(Bilingual(each.zh, each.en) for each in basis.evaluation.failures),
        banners=_banners(basis.regulation),
        demo=body.is_demo,
    )  # fmt: skip


def _instrument(instrument: InstrumentFacts) -> paper.Instrument:
    return paper.Instrument(
        name=Bilingual(instrument.name_zh, instrument.name_en),
        model=instrument.model,
        serial=instrument.serial,
        maker=Bilingual(instrument.maker),
        code=instrument.identity,
        position=Bilingual(instrument.place),
        range=instrument.range_text,
        accuracy_class=instrument.accuracy_class,
    )


def _standard(standard: StandardFacts) -> paper.StandardUsed:
    return paper.StandardUsed(
        name=Bilingual(standard.name_zh, standard.name_en),
        number=standard.code,
        range=standard.range_text,
        accuracy=standard.uncertainty_text,
        certificate_number=standard.certificate_no,
        valid_until=standard.valid_to,
    )


def _cited(regulation: Regulation) -> paper.RegulationCited:
    return paper.RegulationCited(regulation.number, regulation.edition, Bilingual(regulation.zh, regulation.en))


def _banners(regulation: Regulation) -> tuple[Bilingual, ...]:
    banner: Text | None = regulation.banner
    return () if banner is None else (Bilingual(str(banner), RULE_BANNER_EN),)


def _environment(basis: Basis) -> tuple[paper.Condition, ...]:
    given = basis.record.observations.get("environment")
    values = given if isinstance(given, Mapping) else {}
    return tuple(
        paper.Condition(Bilingual(column.zh, column.en), str(values[column.code]), column.unit)
        for column in basis.regulation.environment
        if values.get(column.code)
    )


def _results(basis: Basis) -> paper.Results:
    columns = basis.regulation.columns
    rows = {str(row["code"]): row for row in _observed_points(basis.record.observations)}
    measured = [each for each in basis.evaluation.points if any(run.error is not None for run in each.runs)]
    return paper.Results(
        columns=(*(paper.Column(each.code, Bilingual(each.zh, each.en), each.unit) for each in columns), ERROR),
        points=tuple(_point(point, rows[point.code], columns=columns) for point in measured),
    )


def _observed_points(observations: Mapping[str, object]) -> list[Mapping[str, object]]:
    points = observations.get("points")
    return [each for each in points if isinstance(each, Mapping)] if isinstance(points, list) else []


def _point(point: Point, row: Mapping[str, object], *, columns: Sequence[Column]) -> paper.PointResult:
    texts = point_texts(point)
    observed = row["runs"]
    runs = tuple(
        (*(str(observed[run.number][column.code]) for column in columns), run_text(run, point.decimals))
        for run in point.runs
        if isinstance(observed, list)
    )
    return paper.PointResult(
        code=point.code,
        name=Bilingual(point.zh, point.en),
        runs=runs,
        error=texts["error"],
        repeatability=texts["repeatability"] or None,
        U=texts["U"],
        k=texts["k"],
        mpe=texts["mpe"] or None,
        repeatability_limit=texts["repeatability_limit"] or None,
        U_to_mpe=texts["U_over_mpe"] or None,
        coverage=texts["p"] or None,
        verdict={True: "pass", False: "fail", None: "unknown"}[point.conforms],
    )


@dataclass(frozen=True)
class _Signer:
    duty: str
    person_id: UUID
    at: datetime
    qualification: str = ""


def _signers(basis: Basis, story: Sequence[ActFacts]) -> list[_Signer]:
    """Return who recorded this job last and who checked the case last."""
    signed: dict[str, _Signer] = {}
    for act in story:
        duty = SIGNING_ACTS.get(act.name)
        facts = act.data.get("facts", {})
        is_other_job = isinstance(facts, Mapping) and facts.get("job", str(basis.job.id)) != str(basis.job.id)
        if duty and not is_other_job:
            number = basis.qualification.number if duty == "verifier" else ""
            signed[duty] = _Signer(duty, act.person_id, act.at, number)
    return list(signed.values())


def _acts(signers: Sequence[_Signer]) -> tuple[paper.Act, ...]:
    people = directory.people([each.person_id for each in signers])
    named = [(each, people[each.person_id]) for each in signers]
    return tuple(
        paper.Act(each.duty, Bilingual(who.name_zh, who.name_en), each.at, each.qualification) for each, who in named
    )
