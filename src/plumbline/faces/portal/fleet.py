"""An enterprise's instruments with what their newest document is worth today: which are fine, due, or not to be used.

Leaves what a document is worth to `certificates`, and the applying to its page. What is near is in the rulebook.
"""

from __future__ import annotations

from calendar import month_abbr
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from plumbline.domain.certificates import queries as certificates
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.laboratory import queries as laboratory
from plumbline.domain.registers import queries as registers
from plumbline.domain.registers.types import InstrumentFacts, InstrumentFilter, SiteFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.charts import Bar, month_bars
from plumbline.rulebook import catalogue, notices
from plumbline.rulebook.regulations import has_method

PAGE_ROWS = 500
MOST = 2000
MONTHS = 12


@dataclass(frozen=True)
class Standing:
    """What an instrument's newest document is worth: state kind, its word, the day it ends, whether it wants an act."""

    kind: str
    word: str
    until: date | None = None
    wants_verification: bool = False


@dataclass(frozen=True)
class Member:
    """One instrument with where it stands. busy: it is in a case that has not ended."""

    instrument: InstrumentFacts
    document: CertificateFacts | None
    standing: Standing
    site_name: str
    is_busy: bool

    @property
    def label(self) -> str:
        """The place on the site, else the name: what people on the site call it."""
        return self.instrument.place or self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        found = self.instrument
        return (found.name_en if formats.is_english() else "") or found.name_zh

    @property
    def is_free(self) -> bool:
        """Tell whether it may be applied for now."""
        return self.instrument.is_in_use and not self.is_busy

    @property
    def can_be_booked(self) -> bool:
        """Tell whether it should be verified and may be applied for now."""
        return self.standing.wants_verification and self.is_free


@dataclass(frozen=True)
class Fleet:
    """All instruments of an organisation, up to a limit that is said where it is reached."""

    members: Sequence[Member]
    sites: Sequence[SiteFacts]
    is_cut: bool

    def at_site(self, site_id: UUID | None) -> list[Member]:
        """Return those of one site."""
        return [each for each in self.members if each.instrument.site_id == site_id]

    def of_kind(self, *kinds: str) -> list[Member]:
        """Return those in use whose standing is of one of these state kinds."""
        return [each for each in self.members if each.standing.kind in kinds and each.instrument.is_in_use]


def fleet_of(owner_id: UUID, *, today: date) -> Fleet:
    """Return the instruments of an organisation with their standing; five queries, and one more every 500."""
    found, is_cut = _all_of(owner_id)
    ids = [each.id for each in found]
    documents = certificates.current_of(ids, on=today)
    busy = laboratory.open_job_instruments(ids)
    sites = registers.sites_of(owner_id)
    names = {site.id: formats.either(site.name_zh, site.name_en) for site in sites}
    return Fleet([_member(each, documents, names=names, busy=busy, today=today) for each in found], sites, is_cut)


def _all_of(owner_id: UUID) -> tuple[list[InstrumentFacts], bool]:
    found: list[InstrumentFacts] = []
    after: UUID | None = None
    while len(found) < MOST:
        page = registers.instruments(InstrumentFilter(owner_id=owner_id), after=after, limit=PAGE_ROWS)
        found += page.instruments
        after = page.next_after
        if after is None:
            return found, False
    return found, True


def _member(
    instrument: InstrumentFacts,
    documents: Mapping[UUID, CertificateFacts],
    *,
    names: Mapping[UUID, str],
    busy: Iterable[UUID],
    today: date,
) -> Member:
    document = documents.get(instrument.id)
    return Member(
        instrument=instrument,
        document=document,
        standing=standing_of(instrument, document, today=today),
        site_name=names.get(instrument.site_id, "") if instrument.site_id else "",
        is_busy=instrument.id in busy,
    )


@dataclass(frozen=True)
class InUse:
    """What of an instrument its standing hangs on."""

    state: str
    category: str


def standing_of(instrument: InstrumentFacts | InUse, document: CertificateFacts | None, *, today: date) -> Standing:
    """Return what an instrument's newest document is worth on a day."""
    if instrument.state != "in_use":
        return Standing("unk", state_words(instrument.state))
    if document is None and not has_method(instrument.category):
        return Standing("unk", _("还没有检定方法"))
    if document is None:
        wants = catalogue.by_code(instrument.category).is_verified_periodically
        return Standing("unk", _("没有检定记录"), wants_verification=wants)
    until = document.valid_until
    words = {
        "failed": Standing("bad", _("不合格"), wants_verification=True),
        "load_test": Standing("unk", _("压力测试行，没有文件")),
        "revoked": Standing("rev", _("证书已撤销"), wants_verification=True),
        "due": Standing("over", _("已逾期"), until, wants_verification=True),
    }
    if document.status in words:
        return words[document.status]
    if until is not None and until <= notices.soon(today):
        return Standing("due", _("将到期"), until, wants_verification=True)
    return Standing("ok", _("有效"), until)


def state_words(state: str) -> str:
    """Return the word of an instrument's state in the register."""
    words = {
        "in_use": _("在用"),
        "out_of_use": _("停用"),
        "sealed": _("封存"),
        "scrapped": _("报废"),
        "retired": _("已退出台账"),
    }
    return words.get(state, state)


def months_chart(fleet: Fleet, *, today: date) -> SafeString:
    """Return the columns of the months ahead in which documents end; the first column is what is over already."""
    ends = [each.standing.until for each in fleet.of_kind("ok", "due", "over") if each.standing.until]
    bars = [Bar(_("逾期"), sum(end < today for end in ends), "over")]
    for place in range(MONTHS):
        year, month = divmod(today.year * 12 + today.month - 1 + place, 12)
        count = sum(today <= end and (end.year, end.month) == (year, month + 1) for end in ends)
        is_soon = date(year, month + 1, 1) <= notices.soon(today)
        bars.append(Bar(_month_label(month + 1), count, "due" if is_soon else ""))
    return month_bars(bars, title=_("按月到期的器具数量"))


def _month_label(month: int) -> str:
    if formats.is_english():
        return month_abbr[month]
    return _("{month} 月").format(month=month) if month == 1 else str(month)
