"""The page of an instrument with its acts (move, change of state, retire), and the form that registers a new one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts.types import Actor
from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.domain.journal import queries as journal
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.registers import actions, queries
from plumbline.domain.registers.types import Change, InstrumentEntry, InstrumentFacts, Placing
from plumbline.errors import AccessError, InputError, PlumblineError, RuleError, say
from plumbline.faces.console import instrument_page
from plumbline.faces.console.act_words import act_story
from plumbline.faces.console.shell import (
    Place,
    faults_of,
    is_shown_in_page,
    may,
    officer,
    page,
    require_right,
    see_other,
)
from plumbline.faces.console.words import instrument_state
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import errors_by_field
from plumbline.faces.kit.acting import new_request_id, request_key, status_of
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.evaluation_view import history_chart, regulation_whys
from plumbline.faces.kit.shapes import Crumb, Option
from plumbline.rulebook import catalogue, regulations
from plumbline.rulebook.regulations import Regulation

TEXTS = ("name_zh", "name_en", "model", "serial", "maker", "range_text", "accuracy_class", "place", "external_id")


@officer
def instrument(request: HttpRequest, actor: Actor, *, identity: str) -> HttpResponse:
    """Show an instrument; a POST moves it, changes its state or retires it, with a reason."""
    require_right(actor, "register.read")
    found = queries.instrument_by_identity(identity)
    if request.method != "POST":
        return _show(request, actor, found=found)
    try:
        with transaction.atomic():
            told = _change(actor, found, posted=request.POST)
    except PlumblineError as error:
        if not is_shown_in_page(error):
            raise
        return _show(request, actor, found=found, error=error)
    messages.success(request, told)
    return see_other(reverse("console:instrument", args=[found.identity]))


def _change(actor: Actor, found: InstrumentFacts, *, posted: QueryDict) -> str:
    change, now = Change(posted.get("reason", ""), request_key(posted)), timezone.now()
    if posted.get("act") == "move":
        to = Placing(_id(posted.get("site", ""), field="site"), posted.get("place", ""))
        actions.move_instrument(actor, found.id, to=to, change=change, at=now)
        return _("器具 {identity} 已改到新地点").format(identity=found.identity)
    if posted.get("act") == "retire":
        actions.retire_instrument(actor, found.id, change=change, at=now)
        return _("器具 {identity} 已终止使用").format(identity=found.identity)
    after = actions.change_state(actor, found.id, state=posted.get("state", ""), change=change, at=now)
    return _("器具 {identity} 现在是“{state}”").format(identity=found.identity, state=instrument_state(after.state)[1])


def _id(text: str, *, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("还没有选"), remedy=say("从名单里选一项"), field=field) from err


def _show(
    request: HttpRequest, actor: Actor, *, found: InstrumentFacts, error: PlumblineError | None = None
) -> HttpResponse:
    today = timezone.localdate()
    documents = certificates.of_instrument(found.id, on=today)
    newest = _newest(documents)
    rule = _regulation(found)
    owner = directory.organisations([found.owner_id]).get(found.owner_id)
    site = queries.sites_by_id([found.site_id]).get(found.site_id) if found.site_id else None
    posted = request.POST if request.method == "POST" else QueryDict()
    rows = instrument_page.certificate_rows(documents)
    context = {
        "instrument": found,
        "over": _("计量器具 {identity} · {name}").format(
            identity=found.identity, name=formats.either(found.name_zh, found.name_en)
        ),
        "phrases": instrument_page.answer(found, newest, today=today),
        "is_busy": found.id in laboratory.open_job_instruments([found.id]),
        "identity": instrument_page.identity_facts(found, rule),
        "use": instrument_page.use_facts(found, owner, site=site),
        "state": instrument_state(found.state),
        "lookup_url": instrument_page.lookup_url(found),
        "regulation": rule,
        "rule_why": regulation_whys(rule) if rule else None,
        "chart": _chart(documents, newest),
        "chain": instrument_page.chain_of(found, newest),
        "certificates": rows,
        "points": [name for name, _text, _kind in rows[0].errors] if rows else [],
        "story": act_story(journal.acts_of(found.id), now=timezone.now()),
        "may_edit": may(actor, "register.edit") and not found.is_ended,
        "sites": [
            Option(str(each.id), each.name_zh, is_selected=str(each.id) == posted.get("site", str(found.site_id)))
            for each in queries.sites_of(found.owner_id)
        ],
        "states": [
            Option(name, instrument_state(name)[1])
            for name in ("in_use", "out_of_use", "sealed", "scrapped")
            if name != found.state
        ],
        "request_id": new_request_id(),
        "posted": posted,
        "act": posted.get("act", ""),
        "errors": errors_by_field(error),
        "faults": faults_of(error, {name: f"{posted.get('act', '')}-{name}" for name in ("site", "state", "reason")})
        if error
        else [],
    }
    crumbs = [Crumb(_("计量器具"), reverse("console:instruments")), Crumb(found.identity)]
    status = status_of(error) if error else 200
    return page(request, "instrument", context=context, place=Place("instruments", crumbs), status=status)


def _newest(documents: Sequence[CertificateFacts]) -> CertificateFacts | None:
    return next((each for each in documents if each.status != "superseded"), None)


def _regulation(found: InstrumentFacts) -> Regulation | None:
    try:
        return laboratory.regulation_for(found, timezone.localdate())
    except RuleError:
        return None


def _chart(documents: Sequence[CertificateFacts], newest: CertificateFacts | None) -> object:
    due = newest.valid_until if newest and newest.status in {"valid", "due"} else None
    return history_chart(documents, title=_("历次误差与限值"), due=due)


@officer
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the form for a new instrument of an owner (`owner`: the credit code); a POST registers it."""
    require_right(actor, "register.edit")
    given = request.POST if request.method == "POST" else request.GET
    try:
        owner = directory.organisation_by_uscc(given.get("owner", "")) if given.get("owner") else None
        if request.method == "POST" and owner is not None:
            identity = _registered(request, actor, owner=owner)
            messages.success(request, _("已登记，器具码 {identity}").format(identity=identity))
            return see_other(reverse("console:instrument", args=[identity]))
    except PlumblineError as error:
        if isinstance(error, AccessError):
            raise
        return _form(request, given, error=error)
    return _form(request, given, error=None, owner=owner)


def _registered(request: HttpRequest, actor: Actor, *, owner: OrganisationFacts) -> str:
    """Register the instrument once for a page: sent again, the same identity is the answer."""
    key = request_key(request.POST)
    with transaction.atomic():
        entry = _entry(request.POST, owner)
        return actions.register_instrument(actor, entry, at=timezone.now(), request_id=key).identity


def _entry(posted: QueryDict, owner: OrganisationFacts) -> InstrumentEntry:
    attributes = {
        name.removeprefix("attribute."): posted.get(name, "")
        for name in posted
        if name.startswith("attribute.") and posted.get(name)
    }
    return InstrumentEntry(
        category=posted.get("category", ""),
        owner_id=owner.id,
        site_id=_id(posted.get("site", ""), field="site"),
        name_zh=posted.get("name_zh", "").strip(),
        name_en=posted.get("name_en", "").strip(),
        model=posted.get("model", "").strip(),
        serial=posted.get("serial", "").strip(),
        maker=posted.get("maker", "").strip(),
        range_text=posted.get("range_text", "").strip(),
        accuracy_class=posted.get("accuracy_class", "").strip(),
        place=posted.get("place", "").strip(),
        external_id=posted.get("external_id", "").strip(),
        attributes=attributes,
        is_demo=owner.is_demo,
    )


def _form(
    request: HttpRequest, given: QueryDict, *, error: PlumblineError | None, owner: OrganisationFacts | None = None
) -> HttpResponse:
    if owner is None and given.get("owner") and errors_by_field(error).keys() - {"organisation"}:
        owner = directory.organisation_by_uscc(given.get("owner", ""))
    known = errors_by_field(error)
    context = {
        "given": given,
        "request_id": new_request_id(),
        "owner": owner,
        "sites": [Option(str(each.id), each.name_zh) for each in queries.sites_of(owner.id)] if owner else [],
        "categories": [Option(code, f"{code} {named(each)}") for code, each in catalogue.categories().items()],
        "choices": _choices(given),
        "errors": known | ({"owner": known["organisation"]} if "organisation" in known else {}),
        "faults": faults_of(error, {**{name: name for name in (*TEXTS, "site", "category")}, "organisation": "owner"})
        if error
        else [],
    }
    crumbs = [Crumb(_("计量器具"), reverse("console:instruments")), Crumb(_("登记器具"))]
    status = status_of(error) if error else 200
    return page(request, "register_instrument", context=context, place=Place("instruments", crumbs), status=status)


def _choices(given: QueryDict) -> list[tuple[str, str, list[Option]]]:
    """Return the choices the newest edition of the category asks for, so that a record finds them filled in."""
    editions = regulations.of_category(given.get("category") or "MV-FUEL")
    if not editions:
        return []
    return [
        (f"attribute.{code}", named(rule), [
            Option(option.value, named(option), is_selected=given.get(f"attribute.{code}") == option.value)
            for option in rule.options
        ])
        for code, rule in editions[-1].choices.items()
    ]  # fmt: skip
