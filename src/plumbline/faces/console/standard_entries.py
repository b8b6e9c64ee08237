"""Register forms of measurement standards: one with its first certificate, and a further certificate.

The parameters a certificate must give are asked as the newest method of the category names them.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from plumbline.domain.accounts.types import Actor
from plumbline.domain.directory import queries as directory
from plumbline.domain.registers import actions, queries
from plumbline.domain.registers.types import STANDARD_LEVELS, StandardCertification, StandardEntry, StandardFacts
from plumbline.errors import InputError, Term, say
from plumbline.faces.console.entry_fields import CATEGORY, NAME_EN, SINCE, UNTIL, id_of, own_people
from plumbline.faces.console.register_form import Done, Field, Given, RegisterForm, Typed
from plumbline.faces.console.words import level_word
from plumbline.faces.kit.shapes import Option
from plumbline.faces.kit.templatetags.kit import text_of
from plumbline.rulebook import regulations
from plumbline.rulebook.regulations.model import Parameter

CERTIFICATE = (
    Field("certificate_no", say("溯源证书编号"), most=80),
    Field("certified_by", say("出证机构")),
    SINCE,
    UNTIL,
    Field("range_text", say("测量范围"), required=False, help=say("照证书抄写，例如 20 L")),
    Field("uncertainty_text", say("不确定度或等级"), required=False, help=say("照证书抄写，例如 U = 5 mL, k = 2"),
          most=120),
)  # fmt: skip


def _levels(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    return [Option(level, level_word(level)) for level in STANDARD_LEVELS]


def _own_standards(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
    return [Option(each.code, f"{each.code} {each.name_zh}") for each in queries.standards_of(actor.organisation_id)]


def _rules(category: str) -> tuple[Parameter, ...]:
    editions = regulations.of_category(category)
    return editions[-1].standard.parameters if editions else ()


def _parameters(category: str) -> tuple[Field, ...]:
    """Return the fields of the parameters of a category; the coverage factor is one of them, or asked by itself."""
    asked = tuple(_parameter(rule) for rule in _rules(category))
    if any(rule.code == "k" for rule in _rules(category)):
        return asked
    return (*asked, Field("k", say("包含因子"), required=False, most=10))


def _parameter(rule: Parameter) -> Field:
    name = Term(rule.zh, rule.en)
    label = say("{name}（{unit}）", name=name, unit=rule.unit) if rule.unit else name
    if rule.type != "choice":
        return Field(f"parameters.{rule.code}", label, "number", required=rule.required, most=20)

    def offers(actor: Actor, typed: Typed) -> list[Option]:  # noqa: ARG001  # one signature for all that offer
        return [Option(each.value, text_of(Term(each.zh, each.en))) for each in rule.options]

    return Field(f"parameters.{rule.code}", label, "choice", required=rule.required, offers=offers)


def _of_category(actor: Actor, typed: Typed) -> tuple[Field, ...]:  # noqa: ARG001  # one signature for all
    return _parameters(typed.get("category", ""))


def _of_standard(actor: Actor, typed: Typed) -> tuple[Field, ...]:
    return _parameters(_standard(actor, typed.get("standard", "")).category)


def _standard(actor: Actor, code: str) -> StandardFacts:
    for each in queries.standards_of(actor.organisation_id):
        if each.code == code:
            return each
    raise InputError(say("本机构没有编号为 {code} 的计量标准", code=code), remedy=say("从名单里选"), field="standard")


def _certification(given: Given) -> StandardCertification:
    parameters = {
        name.removeprefix("parameters."): text
        for name, text in given.texts.items()
        if name.startswith("parameters.") and text
    }
    return StandardCertification(
        given["certificate_no"], given["certified_by"], given.day("valid_from"), given.day("valid_to"),
        given["range_text"], given["uncertainty_text"], given.texts.get("k") or parameters.get("k", ""), parameters,
    )  # fmt: skip


def _register_standard(actor: Actor, given: Given, *, at: datetime) -> Done:
    house = directory.organisation(actor.organisation_id)
    custodian = id_of(given["custodian"], field="custodian") if given["custodian"] else None
    entry = StandardEntry(
        house.id, given["code"], given["name_zh"], given["category"], given["level"], given["name_en"], custodian,
        is_demo=house.is_demo,
    )  # fmt: skip
    facts = actions.register_standard(actor, entry, certification=_certification(given), at=at)
    return Done(say("已登记计量标准 {code}", code=facts.code), reverse("console:standards"))


def _certify_standard(actor: Actor, given: Given, *, at: datetime) -> Done:
    standard = _standard(actor, given["standard"])
    actions.certify_standard(actor, standard.id, certification=_certification(given), at=at)
    told = say("已给计量标准 {code} 登记证书 {number}", code=standard.code, number=given["certificate_no"])
    return Done(told, reverse("console:standards"))


FORMS = (
    RegisterForm(
        "standard", "standards", say("登记一台计量标准"), say("登记这台计量标准"), "standard.edit",
        first=(CATEGORY,),
        fields=(
            Field("code", say("编号"), help=say("本机构自己的编号，印在证书上"), most=40),
            Field("name_zh", say("名称")), NAME_EN,
            Field("level", say("级别"), "select", offers=_levels),
            Field("custodian", say("负责人"), "person", offers=own_people, required=False),
            *CERTIFICATE,
        ),
        more=_of_category, act=_register_standard, note=say("连同它现在的溯源证书一起登记，并写进公开日志。"),
    ),
    RegisterForm(
        "standard-certificate", "standards", say("给计量标准登记新证书"), say("登记证书"), "standard.edit",
        first=(Field("standard", say("计量标准"), "select", offers=_own_standards),),
        fields=CERTIFICATE, more=_of_standard, act=_certify_standard, note=say("以前的证书照旧留着。"),
    ),
)  # fmt: skip
