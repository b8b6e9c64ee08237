"""Acts of the journal in words: what was done, with which reason. Acts of a procedure are named by its own file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.directory import queries as directory
from plumbline.domain.journal.types import ActFacts
from plumbline.faces.kit import formats
from plumbline.faces.kit.case_story import when_words
from plumbline.faces.kit.doers import doer_words
from plumbline.faces.kit.evaluation import named
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import StoryItem
from plumbline.rulebook import procedures, registers

FAILURES = frozenset({"certificate.revoked", "return", "send_back"})


def entry_act_word(name: str) -> str:
    """Return what an act on an entry of a simple register is called: one of all, or one its register's file names."""
    words = {"register": _("登记"), "change": _("从某日起变更"), "correct": _("更正"), "import": _("导入")}
    if name in words:
        return words[name]
    acts = (act for register in registers.all_registers().values() for act in register.acts.values())
    return next((named(act) for act in acts if act.name == name), name)


def act_word(name: str) -> str:
    """Return what an act is called."""
    for procedure in procedures.all_procedures().values():
        if name in procedure.acts:
            return named(procedure.acts[name])
    if name.startswith("entry."):
        return entry_act_word(name.removeprefix("entry."))
    words = {
        "instrument.register": _("登记器具"),
        "instrument.move": _("器具移到新地点"),
        "instrument.hand_over": _("器具转给别的单位"),
        "instrument.change_state": _("改器具状态"),
        "site.register": _("登记地点"),
        "organisation.register": _("登记单位"),
        "person.register": _("登记人员"),
        "account.open": _("开账号"),
        "role.give": _("给角色"),
        "role.end": _("结束角色"),
        "password.renew": _("换新口令"),
        "delegation.give": _("交给别人代办"),
        "delegation.end": _("收回代办"),
        "absence.note": _("登记缺勤"),
        "absence.end": _("取消缺勤"),
        "token.make": _("做令牌"),
        "token.revoke": _("撤销令牌"),
        "webhook.subscribe": _("订阅推送"),
        "webhook.end": _("停掉推送"),
        "webhook.renew": _("换推送密钥"),
        "password.change": _("本人改口令"),
        "account.deactivate": _("停用账号"),
        "account.reactivate": _("恢复账号"),
        "method.add": _("加登录方式"),
        "method.remove": _("移除登录方式"),
        "method.clear": _("清除登录方式"),
        "recovery.renew": _("换一批备用码"),
        "recovery.use": _("用备用码登录"),
        "session.end": _("结束登录"),
        "invitation.make": _("邀请开账号"),
        "invitation.use": _("接受邀请"),
        "invitation.renew": _("给邀请换新链接"),
        "invitation.withdraw": _("撤回邀请"),
        "qualification.grant": _("登记人员资格"),
        "scope.grant": _("授予检定项目范围"),
        "standard.register": _("登记计量标准"),
        "standard.certify": _("登记计量标准的证书"),
        "body.registered": _("登记检定机构"),
        "key.added": _("公布机构的签名密钥"),
        "form.sent": _("提交登记表"),
        "intake.run": _("批量导入"),
        "certificate.issue": _("签发证书"),
        "certificate.revoked": _("撤销证书"),
        "certificate.supersede": _("另发证书更换"),
        "certificate.superseded": _("原证书标为已更换"),
        "figures.freeze": _("冻结月报"),
        **_of_documents(),
    }
    return _("演示数据") if name.startswith("demo/") else words.get(name, name)


def _of_documents() -> dict[str, str]:
    return {
        "document.issue": _("签发结果文件"),
        "document.superseded": _("原结果文件标为已更换"),
        "document.suspended": _("暂停结果文件"),
        "document.reinstated": _("恢复结果文件"),
        "document.revoked": _("撤销结果文件"),
    }


def act_note(act: ActFacts) -> str:
    """Return what the act itself says: number, reason or remark, verdict, state."""
    form = act.data.get("form")
    facts = act.data.get("facts")
    values = {**_texts(form), **_texts(facts), **_texts(act.data)}
    keys = ("number", "certificate", "record", "serial", "code", "certificate_no", "username", "reason", "remarks")
    said = [*_way(act), *(values[key] for key in keys if values.get(key))]
    return (" · " if formats.is_english() else "；").join(dict.fromkeys(said))


def _way(act: ActFacts) -> list[str]:
    """Return which way to sign in an act added or removed, and what its holder calls it."""
    kind = {"passkey": _("通行密钥"), "totp": _("验证器"), "oidc": _("外部身份")}.get(str(act.data.get("kind", "")))
    named = [str(act.data[key]) for key in ("name", "provider") if act.data.get(key)]
    return [kind, *named] if kind and act.name.startswith("method.") else []


def _names(acts: Sequence[ActFacts]) -> dict[str, str]:
    """Return the names of all who acted, in the reader's language where the directory has them in both."""
    people = directory.people({each for act in acts for each in (act.person_id, act.behalf_id) if each})
    found = {str(key): formats.either(person.name_zh, person.name_en) for key, person in people.items()}
    return {**found, str(accounts.NOBODY): _("系统")}


def _texts(values: object) -> dict[str, str]:
    if not isinstance(values, Mapping):
        return {}
    return {str(key): str(value) for key, value in values.items() if isinstance(value, str | int)}


def act_story(acts: Sequence[ActFacts], *, now: datetime) -> list[StoryItem]:
    """Return the acts on something that is not a case, newest first."""
    names = _names(acts)
    return [
        StoryItem(
            when_words(act.at, now),
            act_word(act.name),
            kind="bad" if act.name in FAILURES else "",
            who=f"{doer_words(act, names)} · {role_words(act.role)}",
            note=act_note(act),
        )
        for act in reversed(acts)
    ]
