"""What the application page shows: sections with their state, choices with reasons, and what happens by when.

The fields are the rulebook's; the time limit is the rulebook's for the site's region, with its source and status.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from plumbline.domain.cases import queries as cases
from plumbline.domain.registers.types import SiteFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.act_form import Filled, FormField, errors_by_field, form_fields
from plumbline.faces.kit.evaluation import named, source_words
from plumbline.faces.kit.nav import roles_words
from plumbline.faces.kit.shapes import Option, RuleCite, StoryItem, Why
from plumbline.faces.portal.fleet import Fleet, Member
from plumbline.rulebook import procedures
from plumbline.rulebook.deadlines import Deadline
from plumbline.rulebook.procedures import Act

PROCEDURE = "verification"
WHAT = ("site", "instruments")
WHERE = ("place", "wanted_on", "remarks")
WHO = ("contact_name", "contact_phone")


@dataclass(frozen=True)
class Section:
    """One part of the form. kind: ok filled, bad something to change, dft not filled yet."""

    number: int
    title: str
    kind: str
    word: str
    fields: Sequence[FormField]

    @property
    def anchor(self) -> str:
        """The id of the section in the page."""
        return f"s{self.number}"


@dataclass(frozen=True)
class Promise:
    """The time limit of one way to be verified: its words, its last day where it is known today, and its why."""

    place: str
    words: str
    why: Why


@dataclass(frozen=True)
class Application:
    """The page: sections, the site chosen, how many may be chosen, what happens after, and by when."""

    sections: Sequence[Section]
    site: SiteFacts | None
    has_sites: bool
    chosen_count: int
    free_count: int
    story: Sequence[StoryItem]
    promises: Sequence[Promise]


def opening_act() -> Act:
    """Return the act that opens a case of verification, with its form."""
    return procedures.load(PROCEDURE).opening_acts[0]


def application(filled: Filled, fleet: Fleet, *, today: date) -> Application:
    """Return the page of a form as it is filled."""
    site = _site(filled, fleet)
    members = fleet.at_site(site.id) if site else []
    values = {**filled.values, "site": str(site.id) if site else ""}
    choices = {
        "site": [
            Option(
                str(each.id),
                formats.either(each.name_zh, each.name_en),
                formats.either(each.address_zh, each.address_en),
            )
            for each in fleet.sites
        ],
        "instruments": [_instrument_option(each) for each in members],
    }
    fields = {each.name: each for each in form_fields(opening_act(), replace(filled, values=values), choices=choices)}
    fields["wanted_on"] = replace(fields["wanted_on"], minimum=today.isoformat())
    chosen = values.get("instruments")
    return Application(
        sections=_sections(fields, values, filled=filled),
        site=site,
        has_sites=bool(fleet.sites),
        chosen_count=len(chosen) if isinstance(chosen, list | tuple) else 0,
        free_count=sum(each.is_free for each in members),
        story=_story(today),
        promises=_promises(site, str(values.get("place", "")), today=today),
    )


def _site(filled: Filled, fleet: Fleet) -> SiteFacts | None:
    """Return the site chosen; the only one there is needs no choosing."""
    found = [site for site in fleet.sites if str(site.id) == filled.values.get("site")]
    if found:
        return found[0]
    return fleet.sites[0] if len(fleet.sites) == 1 else None


def _instrument_option(member: Member) -> Option:
    found, standing = member.instrument, member.standing
    reason = ""
    if not found.is_in_use:
        reason = _("{state}，不能申请").format(state=standing.word)
    elif member.is_busy:
        reason = _("已在一项未办结的业务里")
    until = f" {formats.day(standing.until)}" if standing.until else ""
    parts = [member.name, found.model, found.serial, found.identity]
    return Option(
        str(found.id),
        member.label,
        hint=" · ".join([*filter(None, parts), *filter(None, [reason])]),
        is_disabled=bool(reason),
        state=standing.kind,
        word=f"{standing.word}{until}",
    )


def _sections(fields: Mapping[str, FormField], values: Mapping[str, object], *, filled: Filled) -> list[Section]:
    parts = [(_("器具"), WHAT), (_("时间地点"), WHERE), (_("联系人"), WHO)]
    known = {name for _title, names in parts for name in names}
    rest = tuple(name for name in fields if name not in known)
    parts += [(_("其他"), rest)] if rest else []
    return [
        _section(number, title, fields=[fields[name] for name in names if name in fields], values=values, filled=filled)
        for number, (title, names) in enumerate(parts, start=2)
    ]


def _section(
    number: int, title: str, *, fields: Sequence[FormField], values: Mapping[str, object], filled: Filled
) -> Section:
    wrong = sum(each.name in errors_by_field(filled.error) for each in fields)
    is_filled = all(values.get(each.name) for each in fields if each.is_required)
    if wrong:
        words = ngettext("{n} 处要改", "{n} 处要改", wrong).format(n=wrong)
        return Section(number, title, "over", words, fields)
    return Section(number, title, "ok" if is_filled else "dft", _("已填好") if is_filled else _("还没填"), fields)


def said(form: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return what a cleaned form says, in the words of the form, without the site and instruments chosen."""
    lines = []
    for field in opening_act().form:
        if field.key in WHAT:
            continue
        options = {each.value: named(each) for each in field.choices}
        value = str(form.get(field.key, ""))
        lines.append((named(field), options.get(value, value) or formats.DASH))
    return lines


def _story(today: date) -> list[StoryItem]:
    """Return what happens after submitting, in order: each step of the procedure with who does it."""
    procedure = procedures.load(PROCEDURE)
    items = [StoryItem(_("今天"), named(opening_act()), kind="next", who=formats.day(today))]
    state, seen = opening_act().targets[-1], set[str]()
    while state not in seen:
        seen.add(state)
        awaited = [act for act in procedure.acts_from(state) if state not in act.aside_from]
        if not awaited:
            break
        roles = list(dict.fromkeys(role for act in awaited for role in act.roles))
        names = " / ".join(named(act) for act in awaited)
        items.append(StoryItem("", names, kind="next", who=roles_words(roles)))
        state = awaited[0].targets[-1]
    return items


def _promises(site: SiteFacts | None, chosen: str, *, today: date) -> list[Promise]:
    if site is None:
        return []
    places = [each for each in opening_act().field("place").choices if not chosen or each.value == chosen]
    found = []
    for place in places:
        limit = cases.time_limit(PROCEDURE, place.value, region_code=site.region_code)
        found.append(Promise(named(place), _limit_words(limit, today=today), limit_why(limit)))
    return found


def _limit_words(limit: Deadline | None, *, today: date) -> str:
    if limit is None:
        return _("本地区没有查到时限")
    days = _days(limit)
    last = limit.last_day(today) if "submit" in limit.starts_with else None
    if last is not None:
        return _("{days}内办完：今天提交，最迟 {day}").format(days=days, day=formats.day(last))
    starts = [act for act in (procedures.load(PROCEDURE).acts.get(name) for name in limit.starts_with) if act]
    return _("{days}内办完，从“{act}”那天起算").format(days=days, act=" / ".join(named(act) for act in starts))


def _days(limit: Deadline) -> str:
    if limit.kind == "working":
        return ngettext("{n} 个工作日", "{n} 个工作日", limit.days).format(n=limit.days)
    return ngettext("{n} 个自然日", "{n} 个自然日", limit.days).format(n=limit.days)


def limit_why(limit: Deadline | None) -> Why:
    """Return where a time limit comes from: its clause, source and status, or that none is known."""
    if limit is None:
        return Why(_("时限从哪里来"), note=_("规则库里没有本地区这项时限，所以不推算。"))
    origin = limit.provenance
    cite = RuleCite(
        title=_("检定时限"),
        clause=origin.clause or "",
        value=_days(limit),
        status=origin.status,
        source=source_words(origin.sources),
        checked_by=origin.checked_by,
    )
    return Why(_("时限从哪里来"), rules=[cite], note=origin.note_en if formats.is_english() else origin.note_zh)
