"""Fields that several register forms ask, and what their acts make of them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.urls import reverse

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.directory.types import OrganisationFacts
from plumbline.errors import InputError, say
from plumbline.faces.console.register_form import Field, Given, Typed
from plumbline.faces.kit.shapes import Option

PEOPLE_MOST = 500
"""How many people of one organisation a choice offers."""
YEAR = timedelta(days=365)


def today_text(today: date) -> str:
    """Return the day a form begins with."""
    return today.isoformat()


def _in_a_year(today: date) -> str:
    return (today + YEAR).isoformat()


ORGANISATION = Field(
    "organisation", say("单位的统一社会信用代码"), "organisation", help=say("18 位，空格不要紧；单位要先登记"), most=40
)
INSTITUTION = Field("institution", say("哪个检定机构"), "institution")
CATEGORY = Field("category", say("类别"), "category")
NAME_ZH = Field("name_zh", say("名称"), help=say("按证照填写全称"))
NAME_EN = Field("name_en", say("英文名称"), required=False)
REGION = Field("region_code", say("行政区划"), "region", help=say("六位代码，例如 330305"), most=6)
SINCE = Field("valid_from", say("起始日期"), "date", help=say("从这一天起有效，含当天"), begins=today_text)
UNTIL = Field("valid_to", say("终止日期"), "date", help=say("到这一天为止有效，含当天"))
UNTIL_IN_A_YEAR = Field("valid_to", say("终止日期"), "date", help=say("到这一天为止有效，含当天"), begins=_in_a_year)


def people(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    """Offer the people of the organisation or institution answered first."""
    found = whose(typed)
    return [Option(str(each.id), each.name_zh) for each in directory.people_of(found.id, most=PEOPLE_MOST)]


def own_people(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    """Offer the people of the actor's own house."""
    found = directory.people_of(actor.organisation_id, most=PEOPLE_MOST)
    return [Option(str(each.id), each.name_zh) for each in found]


def whose(typed: Typed | Given) -> OrganisationFacts:
    """Return the organisation a form is about, named by institution code or credit code. Raises: InputError."""
    texts = typed.texts if isinstance(typed, Given) else typed
    if code := texts.get("institution"):
        return directory.institution(code)
    return directory.organisation_by_uscc(texts.get("organisation", ""))


def id_of(text: str, *, field: str) -> UUID:
    """Return the key of a choice. Raises: InputError if it is none."""
    try:
        return UUID(text)
    except ValueError as err:
        raise InputError(say("还没有选"), remedy=say("从名单里选一项"), field=field) from err


def page_of(organisation: OrganisationFacts) -> str:
    """Return the address of the page of an organisation."""
    return reverse("console:organisation", args=[organisation.uscc])
