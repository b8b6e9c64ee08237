"""Pure decisions of the laboratory: may this person measure this, here, today, with these measurement standards?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from plumbline.domain.directory.types import QualificationFacts
from plumbline.domain.registers.types import ScopeFacts, StandardFacts
from plumbline.errors import InputError, RuleError, Term, say
from plumbline.rulebook.regulations.model import StandardRule
from plumbline.science.metrology.evaluation import Evaluation


def require_authority(
    category: Term,
    on: date,
    *,
    qualifications: Sequence[QualificationFacts],
    scope: ScopeFacts | None,
    standards: Sequence[StandardFacts],
) -> tuple[QualificationFacts, ScopeFacts]:
    """Return the qualification and the scope that cover the day; pass only if the measurement standards cover it too,
    and are those of the institution and the item of the scope.

    Raises: RuleError naming what is missing or ended, and since when. Source: project trust design, section 6.
    """
    if scope is None:
        raise RuleError(
            say("机构在 {day} 没有“{category}”的检定项目范围", category=category, day=on),
            remedy=say("由有授权的机构检定，或先办好授权"),
        )
    covering = [each for each in qualifications if each.valid_from <= on <= each.valid_to]
    if not covering:
        raise _lapsed(category, on, qualifications=qualifications)
    if not standards:
        raise InputError(say("没有选所用的计量标准"), remedy=say("选一台在有效期内的计量标准"), field="standards")
    for standard in standards:
        require_own_standard(standard, scope, category=category)
        require_valid_standard(standard, on)
    return covering[0], scope


def require_own_standard(standard: StandardFacts, scope: ScopeFacts, *, category: Term) -> None:
    """Pass if a measurement standard is the institution's own and serves the item of the scope. Raises: RuleError.

    Source: project trust design, section 6: the chain of a number leads over the standards of the house that signs.
    """
    if standard.owner_id != scope.institution_id:
        raise RuleError(
            say("计量标准 {code} 不属于本机构；检定只能用本机构的计量标准", code=standard.code),
            remedy=say("从本机构的计量标准里选"),
            field="standards",
        )
    if standard.category != scope.category:
        raise RuleError(
            say(
                "计量标准 {code} 不是“{category}”项目的；检定只能用本项目的计量标准",
                code=standard.code,
                category=category,
            ),
            remedy=say("选登记在这个项目下的计量标准"),
            field="standards",
        )


def require_one_standard(rule: StandardRule, standards: Sequence[StandardFacts]) -> None:
    """Pass if no more measurement standards are given than the method calculates with: one of the kind it names.

    Of several, only one's parameters could enter the result, and the record would not say whose. Raises: InputError.
    """
    if len(standards) > 1:
        raise InputError(
            say("这个方法用一台“{name}”计算，选了 {count} 台", name=Term(rule.zh, rule.en), count=len(standards)),
            remedy=say("只留实际用来读数的那一台"),
            field="standards",
        )


def require_valid_standard(standard: StandardFacts, on: date) -> None:
    """Pass if a measurement standard is within its validity on a day. Raises: RuleError saying when it ended."""
    if not standard.valid_from <= on <= standard.valid_to:
        raise RuleError(
            say(
                "计量标准 {code} 的证书有效期是 {start} 至 {end}，不包括 {day}",
                code=standard.code,
                start=standard.valid_from,
                end=standard.valid_to,
                day=on,
            ),
            remedy=say("换用在有效期内的计量标准，或改在有效期内的日子检定"),
            field="standards",
        )


def is_ended_by_a_check(evaluation: Evaluation, observations: Mapping[str, object]) -> bool:
    """Tell whether a failed check has ended the verification before anything was measured.

    The verdict "fail" is final then: what was not measured is said to be so on the result notice. A measurement that
    was begun is finished first, so that nobody hands in the readings that suit.
    """
    is_failed = any(check.conforms is False for check in evaluation.checks)
    return is_failed and not any(_readings(observations.get("points")))


def _readings(part: object) -> Iterator[str]:
    """Yield what was typed for points and runs, without the names of the points."""
    if isinstance(part, Mapping):
        for name, each in part.items():
            yield from () if name == "code" else _readings(each)
    elif isinstance(part, list | tuple):
        for each in part:
            yield from _readings(each)
    elif part is not None and str(part).strip():
        yield str(part)


def _lapsed(category: Term, on: date, *, qualifications: Sequence[QualificationFacts]) -> RuleError:
    last = max((each.valid_to for each in qualifications), default=None)
    if last is None:
        return RuleError(
            say("检定员没有“{category}”的检定资格", category=category), remedy=say("指派有这个项目资格的检定员")
        )
    return RuleError(
        say("检定员“{category}”的资格到 {last}，不包括 {day}", category=category, last=last, day=on),
        remedy=say("指派资格有效的检定员，或先续期"),
    )
