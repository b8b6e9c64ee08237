"""The kinds of files that are brought in: who may, what each knows of its rows, and what it asks besides the file.

Whatever face brings a file in asks here; the steps of an import are `importing`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import actions as certificates
from plumbline.domain.certificates import queries as outside
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.partners import actions as partners
from plumbline.domain.partners import queries as exchanged
from plumbline.domain.procedures import jobs as applying
from plumbline.domain.procedures import queries as opening
from plumbline.domain.registers import actions as registers
from plumbline.domain.registers import queries as held
from plumbline.domain.registers.queries import entries as kept
from plumbline.domain.registers.types import IntakeTarget
from plumbline.errors import Hidden, InputError, say
from plumbline.faces.kit import formats
from plumbline.faces.kit.intake_report import Known
from plumbline.rulebook import registers as rulebook

RIGHT = "import.run"
Typed = Mapping[str, str]
Terms = dict[str, object]
NAMES = ("entries", "instruments", "organisations", "calibrations", "answers", "cases")


@dataclass(frozen=True)
class ImportKind:
    """A kind of import. terms: turns what was typed into what the errand is asked; raises where the actor may not, or
    an answer is wrong."""

    name: str
    right: str
    known: Known
    terms: Callable[[Actor, Typed], Terms]

    @property
    def errand(self) -> str:
        """Return the kind of the errand that does it."""
        return f"import.{self.name}"


def kind(name: str, of: str = "") -> ImportKind:
    """Return a kind by its name, one of `NAMES`; of: which register, or which procedure. Raises: Hidden for none."""
    return _OF[name](of) if name in _OF else _KINDS[name]()


def cases(procedure_id: str) -> ImportKind:
    """Return the import of applications under a procedure. Raises: Hidden."""
    found = opening.procedure(procedure_id)
    act = found.opening_acts[0]

    def terms(actor: Actor, _typed: Typed) -> Terms:
        opening.require_opening(actor, found)
        return {"procedure": found.id}

    return ImportKind(
        "cases", f"{found.id}.{act.name}", Known(applying.template(found, act), applying.SENTENCES), terms
    )


def entries(register_id: str) -> ImportKind:
    """Return the import of entries of a simple register. Raises: Hidden."""
    register = rulebook.by_id(register_id)

    def terms(actor: Actor, typed: Typed) -> Terms:
        since = _day(typed.get("since", ""))
        registers.entries_taking(actor, register.id, since=since, at=timezone.now())
        return {"register": register.id, "since": since.isoformat()}

    known = Known(kept.entry_template(register.id), kept.entry_sentences())
    return ImportKind("entries", f"entry.{register.id}.edit", known, terms)


def _instruments() -> ImportKind:
    def terms(actor: Actor, typed: Typed) -> Terms:
        owner = _owner(typed)
        site = _site(owner, typed.get("site", "").strip())
        region = site[1] if site else owner.region_code
        category = typed.get("category", "")
        target = IntakeTarget(owner.id, region, site[0] if site else None, category)
        registers.instruments_taking(actor, target, at=timezone.now())
        return {"owner": str(owner.id), "region": region, "site": str(site[0]) if site else "", "category": category}

    return ImportKind("instruments", RIGHT, Known(held.instrument_template(), held.instrument_sentences()), terms)


def _organisations() -> ImportKind:
    def terms(actor: Actor, typed: Typed) -> Terms:
        region = typed.get("region", "").strip()
        try:
            registers.organisations_taking(actor, region)
        except InputError as err:
            raise InputError(err.what, remedy=err.remedy, field="region") from err
        return {"region": region}

    known = Known(directory.organisation_template(), directory.organisation_sentences())
    return ImportKind("organisations", RIGHT, known, terms)


def _calibrations() -> ImportKind:
    def terms(actor: Actor, typed: Typed) -> Terms:
        owner = _owner(typed)
        certificates.calibrations_taking(actor, owner.id, at=timezone.now())
        return {"owner": str(owner.id)}

    known = Known(outside.calibration_template(), outside.calibration_sentences())
    return ImportKind("calibrations", RIGHT, known, terms)


def _answers() -> ImportKind:
    def terms(actor: Actor, typed: Typed) -> Terms:
        partner = typed.get("partner", "")
        try:
            partners.answers_taking(actor, partner)
        except Hidden as err:
            raise InputError(err.what, remedy=err.remedy, field="partner") from err
        return {"partner": partner}

    known = Known(exchanged.answer_template, exchanged.answer_sentences)
    return ImportKind("answers", partners.RIGHT, known, terms)


_OF: Mapping[str, Callable[[str], ImportKind]] = {"entries": entries, "cases": cases}
_KINDS: Mapping[str, Callable[[], ImportKind]] = {
    "instruments": _instruments,
    "organisations": _organisations,
    "calibrations": _calibrations,
    "answers": _answers,
}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip() or formats.day(timezone.localdate()))
    except ValueError as err:
        raise InputError(
            say("“{text}”不是日期", text=text[:20]), remedy=say("写成 2026-11-21 的样子"), field="since"
        ) from err


def _owner(typed: Typed) -> OrganisationFacts:
    try:
        return directory.organisation_by_uscc(typed.get("owner", "").strip())
    except InputError as err:
        raise InputError(err.what, remedy=err.remedy, field="owner") from err


def _site(owner: OrganisationFacts, name: str) -> tuple[UUID, str] | None:
    if not name:
        return None
    sites = {site.name_zh: (site.id, site.region_code) for site in held.sites_of(owner.id)}
    if name not in sites:
        raise InputError(
            say("单位“{owner}”没有名为“{site}”的地点", owner=owner.name_zh, site=name),
            remedy=say("已有的地点：{names}", names="、".join(sites) or "—"),
            field="site",
        )
    return sites[name]
