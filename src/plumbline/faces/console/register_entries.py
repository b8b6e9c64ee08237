"""The register forms of the console, each described once; to add one: its fields, its act, and its name in `FORMS`.

What may be entered is the actions' to say: an act here turns what was typed into an entry and says what was done.
"""

from __future__ import annotations

from datetime import datetime

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory.types import OrganisationEntry, QualificationEntry
from plumbline.domain.registers import actions
from plumbline.domain.registers.types import ScopeEntry, SiteEntry
from plumbline.errors import say
from plumbline.faces.console import account_entries, standard_entries
from plumbline.faces.console.entry_fields import (
    CATEGORY,
    INSTITUTION,
    NAME_EN,
    NAME_ZH,
    ORGANISATION,
    REGION,
    SINCE,
    UNTIL,
    UNTIL_IN_A_YEAR,
    id_of,
    page_of,
    people,
    whose,
)
from plumbline.faces.console.register_form import Done, Field, Given, RegisterForm

USCC = Field("uscc", say("统一社会信用代码"), help=say("18 位，照营业执照或法人证书"), most=40)
ADDRESS = (
    Field("address_zh", say("地址"), required=False, help=say("印在证书上"), most=300),
    Field("address_en", say("英文地址"), required=False, most=300),
)
REACHED = (
    Field("postcode", say("邮政编码"), required=False, most=10),
    Field("phone", say("电话"), required=False, most=40),
    Field("mail", say("电子邮箱"), required=False),
)


def _register_organisation(actor: Actor, given: Given, *, at: datetime) -> Done:
    facts = actions.register_organisation(actor, _organisation(given), at=at)
    return Done(say("已登记“{name}”", name=facts.name_zh), page_of(facts))


def _organisation(given: Given) -> OrganisationEntry:
    return OrganisationEntry(
        given["uscc"], given["name_zh"], given["region_code"], given["name_en"], given["address_zh"],
        given["address_en"], given["postcode"], given["phone"], given["mail"],
        institution_code=given.texts.get("institution_code", ""),
        authorisation_no=given.texts.get("authorisation_no", ""),
    )  # fmt: skip


def _announce_seal(actor: Actor, given: Given, *, at: datetime) -> Done:
    body, span = whose(given), (given.day("valid_from"), given.day("valid_to"))
    actions.attest_body_key(actor, body.id, valid_from=span[0], valid_to=span[1], at=at)
    told = say("已公布“{name}”的印章，{since} 至 {until} 可用", name=body.name_zh, since=span[0], until=span[1])
    return Done(told, f"{page_of(body)}#seals")


def _grant_scope(actor: Actor, given: Given, *, at: datetime) -> Done:
    body = whose(given)
    entry = ScopeEntry(
        body.id, given["category"], given["region_code"], given["authorisation_no"], given.day("valid_from"),
        given.day("valid_to"), given["range_text"], given["uncertainty_text"],
    )  # fmt: skip
    actions.grant_scope(actor, entry, at=at)
    told = say("已授予“{name}”检定 {category}，地区 {region}", name=body.name_zh, category=entry.category,
               region=entry.region_code)  # fmt: skip
    return Done(told, f"{page_of(body)}#scopes")


def _register_person(actor: Actor, given: Given, *, at: datetime) -> Done:
    house = whose(given)
    facts = actions.register_person(actor, house.id, name_zh=given["name_zh"], name_en=given["name_en"], at=at)
    return Done(say("已登记“{house}”的{name}", house=house.name_zh, name=facts.name_zh), f"{page_of(house)}#people")


def _grant_qualification(actor: Actor, given: Given, *, at: datetime) -> Done:
    body = whose(given)
    entry = QualificationEntry(
        id_of(given["person"], field="person"), body.id, given["category"], given["number"], given.day("valid_from"),
        given.day("valid_to"),
    )  # fmt: skip
    facts = actions.grant_qualification(actor, entry, at=at)
    return Done(say("已登记资格 {number}", number=facts.number), f"{page_of(body)}#people")


def _register_site(actor: Actor, given: Given, *, at: datetime) -> Done:
    owner = whose(given)
    entry = SiteEntry(
        owner.id, given["name_zh"], given["region_code"], given["name_en"], given["address_zh"], given["address_en"],
        is_demo=owner.is_demo,
    )  # fmt: skip
    facts = actions.register_site(actor, entry, at=at)
    return Done(
        say("已登记“{owner}”的地点“{name}”", owner=owner.name_zh, name=facts.name_zh), f"{page_of(owner)}#sites"
    )


FORMS: dict[str, RegisterForm] = {
    form.name: form
    for form in (
        RegisterForm(
            "organisation", "organisations", say("登记一个使用单位"), say("登记这个单位"), "register.edit",
            fields=(USCC, NAME_ZH, NAME_EN, REGION, *ADDRESS, *REACHED), act=_register_organisation,
        ),
        RegisterForm(
            "institution", "organisations", say("登记一个检定机构"), say("登记机构"), "register.edit",
            fields=(
                USCC, NAME_ZH, NAME_EN,
                Field("institution_code", say("机构代号"), most=12,
                      help=say("证书编号以它开头，登记后不能改；不超过 12 个字符")),
                REGION,
                Field("authorisation_no", say("授权证书号"), required=False, help=say("印在证书上"), most=80),
                *ADDRESS, *REACHED,
            ),
            act=_register_organisation, note=say("登记会写进公开日志。接着公布它的印章、授予检定项目。"),
        ),
        RegisterForm(
            "seal", "organisations", say("制作并公布机构的印章"), say("公布印章"), "register.edit",
            first=(INSTITUTION,), fields=(SINCE, UNTIL_IN_A_YEAR), act=_announce_seal,
            note=say("印章的密钥在本机的数据目录里，第一次公布时制作；公布以后机构才能签发证书。续期就是再公布一次新的期限。"),
        ),
        RegisterForm(
            "scope", "organisations", say("授予检定项目"), say("授予项目"), "scope.grant",
            first=(INSTITUTION,),
            fields=(
                CATEGORY,
                Field("region_code", say("地区"), "region", help=say("含下辖的全部地区；六位代码，例如 330300"),
                      most=6),
                Field("authorisation_no", say("授权文件号"), most=80), SINCE, UNTIL,
                Field("range_text", say("测量范围"), required=False, help=say("例如 (5~60) L/min")),
                Field("uncertainty_text", say("不确定度或等级"), required=False, help=say("例如 U = 0.06 %, k = 2"),
                      most=120),
            ),
            act=_grant_scope, note=say("授予会以本单位的名义写进公开日志。"),
        ),
        RegisterForm(
            "person", "organisations", say("登记一位人员"), say("登记这位人员"), "register.edit",
            first=(ORGANISATION,),
            fields=(
                Field("name_zh", say("姓名"), most=80),
                Field("name_en", say("英文姓名"), required=False, help=say("印在英文证书上"), most=120),
            ),
            act=_register_person, note=say("姓名不写进公开日志。"),
        ),
        RegisterForm(
            "qualification", "organisations", say("登记人员资格"), say("登记资格"), "qualification.grant",
            first=(INSTITUTION,),
            fields=(
                Field("person", say("哪位人员"), "person", offers=people, help=say("名单里没有的，先登记人员")),
                CATEGORY, Field("number", say("资格证书编号"), most=60), SINCE, UNTIL,
            ),
            act=_grant_qualification, note=say("公开日志里只有人员的内部编号，没有姓名。"),
        ),
        RegisterForm(
            "site", "organisations", say("登记一个使用地点"), say("登记这个地点"), "register.edit",
            first=(ORGANISATION,),
            fields=(Field("name_zh", say("名称"), help=say("例如加油站的站名")), NAME_EN, REGION, *ADDRESS),
            act=_register_site,
        ),
        *standard_entries.FORMS,
        *account_entries.FORMS,
    )
}  # fmt: skip
"""Every form by the last part of its address."""
