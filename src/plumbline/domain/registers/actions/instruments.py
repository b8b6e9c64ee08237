"""Sites and instruments: register, move, hand over, retire. Each change is an act in the instrument's story.

An act asked for with the key of its request is done once, however often the request comes.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, Subject
from plumbline.domain.directory import actions as directory
from plumbline.domain.directory import queries as known
from plumbline.domain.journal import actions as journal
from plumbline.domain.journal.types import ActFacts, Asked, NewAct
from plumbline.domain.journal.types import Subject as JournalSubject
from plumbline.domain.registers import queries, rules
from plumbline.domain.registers.models import Instrument, Site
from plumbline.domain.registers.types import (
    ENDED_STATES,
    Change,
    InstrumentEntry,
    InstrumentFacts,
    Placing,
    SiteEntry,
    SiteFacts,
)
from plumbline.domain.rows.codes import new_identity, new_lookup_code
from plumbline.domain.rows.printing import require_printable
from plumbline.errors import InputError, StateError, say
from plumbline.rulebook.calendar import legal_day

RIGHT = "register.edit"


@transaction.atomic
def register_site(actor: Actor, entry: SiteEntry, *, at: datetime) -> SiteFacts:
    """Register a place of an organisation. Raises: AccessError; InputError for an unknown region or a name in use."""
    directory.require_region(entry.region_code)
    accounts.require(actor, RIGHT, subject=_subject(actor, Subject(entry.owner_id, None, entry.region_code), at=at))
    name = rules.require_name(entry.name_zh)
    require_printable({field: getattr(entry, field) for field in rules.PRINTED_OF_SITE})
    if Site.objects.filter(owner_id=entry.owner_id, name_zh=name).exists():
        raise InputError(
            say("这个单位已有名为“{name}”的地点", name=name), remedy=say("用已有的地点，或换一个名称"), field="name_zh"
        )
    row = Site.objects.create(registered_at=at, **{**asdict(entry), "name_zh": name})
    subject = JournalSubject("site", row.id, row.owner_id, None, row.region_code)
    journal.append_act(actor, subject, name="site.register", data={}, at=at)
    return queries.site_facts(row)


@transaction.atomic
def register_instrument(
    actor: Actor, entry: InstrumentEntry, *, at: datetime, request_id: UUID | None = None
) -> InstrumentFacts:
    """Register an instrument under a new identity; its region is that of its site, where it has one.

    Raises: AccessError; InputError beside the field for what cannot be, or an owner's number used already; StateError
    if the request has already registered another instrument.
    """
    asked = journal.asked(request_id, "instrument.register", asdict(entry)) if request_id else None
    if done := _done(actor, asked):
        return queries.instrument(done.subject_id)
    region_code = _region_of(entry)
    accounts.require(
        actor,
        RIGHT,
        subject=_subject(actor, Subject(entry.owner_id, None, region_code), category=entry.category, at=at),
    )
    rules.require_category(entry.category)
    values = {**asdict(entry), "name_zh": rules.require_name(entry.name_zh), "region_code": region_code}
    rules.require_lengths({name: value for name, value in values.items() if isinstance(value, str)})
    require_printable({name: values[name] for name in rules.TEXT_LENGTHS})
    _refuse_held(entry)
    row = Instrument.objects.create(identity=new_identity(), lookup_code=new_lookup_code(), registered_at=at, **values)
    act = NewAct("instrument.register", {"serial": row.serial}, asked=asked)
    _tell(actor, row, act=act, at=at)
    return queries.instrument_facts(row)


@transaction.atomic
def move_instrument(actor: Actor, instrument_id: UUID, *, to: Placing, change: Change, at: datetime) -> InstrumentFacts:
    """Move an instrument to another site of its owner. Raises: AccessError; InputError; StateError if it is retired."""
    asked = _asked(change, "instrument.move", instrument_id, asdict(to))
    if _done(actor, asked):
        return queries.instrument(instrument_id)
    row = _locked(instrument_id)
    site = queries.site(to.site_id)
    _require_edit(actor, row, at=at)
    text = rules.require_reason(change.reason)
    require_printable({"place": to.place})
    _refuse_final(row)
    if site.owner_id != row.owner_id:
        raise InputError(say("所选地点不属于器具的单位"), remedy=say("选本单位的地点；换单位走转让手续"), field="site")
    before = _where(row)
    row.site_id, row.place, row.region_code = site.id, to.place.strip(), site.region_code
    row.save(update_fields=["site", "place", "region_code"])
    data = {"from": before, "to": _where(row), "reason": text}
    _tell(actor, row, act=NewAct("instrument.move", data, asked=asked), at=at)
    return queries.instrument_facts(row)


@transaction.atomic
def change_owner(actor: Actor, instrument_id: UUID, *, to: Placing, change: Change, at: datetime) -> InstrumentFacts:
    """Hand an instrument over to the organisation that owns a site; its identity and its story go with it.

    The actor needs the right over both sides, so this is an office's act, not the giver's alone. The giver's own number
    is dropped where the receiver has used it. Raises: AccessError; InputError; StateError if it is retired.
    """
    asked = _asked(change, "instrument.hand_over", instrument_id, asdict(to))
    if _done(actor, asked):
        return queries.instrument(instrument_id)
    row = _locked(instrument_id)
    site = queries.site(to.site_id)
    _require_edit(actor, row, at=at)
    accounts.require(actor, RIGHT, subject=Subject(owner_id=site.owner_id, region_code=site.region_code))
    text = rules.require_reason(change.reason)
    require_printable({"place": to.place})
    _refuse_final(row)
    if site.owner_id == row.owner_id:
        raise InputError(say("器具已经属于这个单位"), remedy=say("只换地点时用“移动”"), field="site")
    if Instrument.objects.filter(owner_id=site.owner_id, external_id=row.external_id).exclude(external_id="").exists():
        row.external_id = ""
    before = _where(row) | {"owner": str(row.owner_id)}
    row.owner_id, row.site_id, row.place, row.region_code = site.owner_id, site.id, to.place.strip(), site.region_code
    row.save(update_fields=["owner", "site", "place", "region_code", "external_id"])
    after = _where(row) | {"owner": str(row.owner_id)}
    data = {"from": before, "to": after, "reason": text}
    _tell(actor, row, act=NewAct("instrument.hand_over", data, asked=asked), at=at)
    return queries.instrument_facts(row)


@transaction.atomic
def change_state(actor: Actor, instrument_id: UUID, *, state: str, change: Change, at: datetime) -> InstrumentFacts:
    """Put an instrument out of use, seal it, or take it into use again. Scrapping and retiring are final.

    Raises: AccessError; InputError without a reason; StateError if it is retired or in that state already.
    """
    asked = _asked(change, "instrument.change_state", instrument_id, state)
    if _done(actor, asked):
        return queries.instrument(instrument_id)
    row = _locked(instrument_id)
    _require_edit(actor, row, at=at)
    text = rules.require_reason(change.reason)
    rules.require_change(row.identity, state=row.state, to=state)
    before, row.state = row.state, state
    row.save(update_fields=["state"])
    data = {"from": before, "to": state, "reason": text}
    _tell(actor, row, act=NewAct("instrument.change_state", data, asked=asked), at=at)
    return queries.instrument_facts(row)


def retire_instrument(actor: Actor, instrument_id: UUID, *, change: Change, at: datetime) -> InstrumentFacts:
    """Retire an instrument for good, with a reason; its row and its story stay."""
    return change_state(actor, instrument_id, state="retired", change=change, at=at)


def _region_of(entry: InstrumentEntry) -> str:
    if entry.site_id is None:
        directory.require_region(entry.region_code)
        return entry.region_code
    site = queries.site(entry.site_id)
    if site.owner_id != entry.owner_id:
        raise InputError(say("所选地点不属于器具的单位"), remedy=say("选本单位的地点"), field="site")
    return site.region_code


def _subject(actor: Actor, subject: Subject, *, category: str = "", at: datetime) -> Subject:
    """Return what the right is asked about: an institution handles what lies in its own scope."""
    held = queries.scopes_in(actor.organisation_id, subject.region_code, on=legal_day(at))
    handles = any(not category or scope.category == category for scope in held)
    return replace(subject, body_id=actor.organisation_id) if handles else subject


def _require_edit(actor: Actor, row: Instrument, *, at: datetime) -> None:
    subject = Subject(row.owner_id, None, row.region_code)
    accounts.require(actor, RIGHT, subject=_subject(actor, subject, category=row.category, at=at))


def _where(row: Instrument) -> dict[str, str]:
    return {"site": str(row.site_id or ""), "place": row.place, "region": row.region_code}


def _locked(instrument_id: UUID) -> Instrument:
    row = Instrument.objects.select_for_update().filter(pk=instrument_id).first()
    if row is None:
        raise queries.no_such_instrument()
    return row


def _refuse_final(row: Instrument) -> None:
    if row.state in ENDED_STATES:
        raise StateError(
            say("器具 {identity} 已停止使用，不能再变更", identity=row.identity), remedy=say("确要再用，按新器具登记")
        )


def _refuse_held(entry: InstrumentEntry) -> None:
    known.organisation(entry.owner_id)
    if not entry.external_id:
        return
    held = Instrument.objects.filter(owner_id=entry.owner_id, external_id=entry.external_id).values_list("identity")
    if first := held.first():
        raise InputError(
            say("资产编号 {number} 已登记，器具码 {identity}", number=entry.external_id, identity=first[0]),
            remedy=say("在台账里找到这台器具，不要重复登记"),
            field="external_id",
        )


def _tell(actor: Actor, row: Instrument, *, act: NewAct, at: datetime) -> None:
    subject = JournalSubject("instrument", row.id, row.owner_id, None, row.region_code)
    journal.append(actor, subject, act=act, at=at)


def _asked(change: Change, *words: object) -> Asked | None:
    return journal.asked(change.request_id, *words, change.reason.strip()) if change.request_id else None


def _done(actor: Actor, asked: Asked | None) -> ActFacts | None:
    return journal.already_done(actor, asked) if asked else None
