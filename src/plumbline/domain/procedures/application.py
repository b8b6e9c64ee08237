"""What an application for verification may ask: instruments of one site, by the institute that holds their items.

Leaves states, acts and their order to `verification`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from plumbline.domain.accounts.types import Actor
from plumbline.domain.cases import actions as engine
from plumbline.domain.laboratory import queries as jobs
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts
from plumbline.domain.rows import locks
from plumbline.errors import InputError, RuleError, StateError, Term, say
from plumbline.rulebook import catalogue, procedures
from plumbline.rulebook.calendar import legal_day

PROCEDURE = "verification"
MOST_INSTRUMENTS = 100


def chosen_instruments(
    actor: Actor, form: Mapping[str, object], *, of_case: UUID | None = None
) -> list[InstrumentFacts]:
    """Return the instruments a form names, in its order, held until the transaction ends.

    of_case: the case that may hold them already. Raises: InputError beside the choice; StateError for one not in use,
    or in another open case.
    """
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
    _require_presentable(found, of_case=of_case)
    return sorted(found, key=lambda each: keys.index(each.id))


def require_sound(
    actor: Actor, form: Mapping[str, object], *, instruments: Sequence[InstrumentFacts], at: datetime
) -> None:
    """Pass if the site is the owner's, the instruments stand there, and the day wanted is still to come."""
    offered = {
        "own_sites": {str(each.id) for each in registers.sites_of(actor.organisation_id)},
        "site_instruments": {str(each.id) for each in instruments if str(each.site_id) == form.get("site")},
    }
    engine.require_offered(procedures.load(PROCEDURE).act("submit"), form, offered=offered)
    _refuse_past(form, at=at)


def _refuse_past(form: Mapping[str, object], *, at: datetime) -> None:
    wanted = form.get("wanted_on")
    if wanted and date.fromisoformat(str(wanted)) < legal_day(at):
        raise InputError(
            say("希望的日期 {day} 已经过去", day=wanted),
            remedy=say("填今天或以后的日期，也可以不填"),
            field="wanted_on",
        )


def title_of(instruments: Sequence[InstrumentFacts]) -> str:
    """Return the place the case is about: the site's name, else the first instrument's."""
    site_id = instruments[0].site_id
    return registers.site(site_id).name_zh if site_id else instruments[0].name_zh


def _require_presentable(found: Sequence[InstrumentFacts], *, of_case: UUID | None) -> None:
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
    busy = jobs.open_job_instruments([each.id for each in found], besides=of_case)
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


def body_for(instruments: Sequence[InstrumentFacts], region_code: str, *, at: datetime) -> UUID:
    """Return the most local institute that holds all items of the instruments. Raises: RuleError if none does."""
    day = legal_day(at)
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
