"""The page of interfaces as portal and console show it: tokens and subscriptions, made, shown once, ended.

A secret is shown in the answer to the post that made it and nowhere again; what needs no secret shown is redirected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.http.request import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from plumbline.domain.accounts import queries as accounts
from plumbline.domain.accounts.types import Actor, NewToken, TokenFacts
from plumbline.domain.notices import queries as notices
from plumbline.domain.notices.types import HAPPENINGS, DeliveryFacts, SubscriptionFacts
from plumbline.domain.registers import actions
from plumbline.errors import InputError, PlumblineError, Text, say
from plumbline.faces.kit.act_form import errors_by_field, faults
from plumbline.faces.kit.acting import new_request_id, request_key, status_of
from plumbline.faces.kit.nav import role_words
from plumbline.faces.kit.shapes import Fault, Option
from plumbline.faces.kit.templatetags.kit import text_of

USUAL_DAYS = 90
PERSONAL, MACHINE = "personal", "machine"


@dataclass(frozen=True)
class TokenLine:
    """A token with its state in a word."""

    token: TokenFacts
    role: str
    kind: str
    word: str
    scopes: Sequence[Text]


@dataclass(frozen=True)
class Secret:
    """What is shown once: what it is, and the text."""

    title: str
    text: str
    note: str


@dataclass(frozen=True)
class Interfaces:
    """All that the page shows. secret: what has just been made; typed: what a refused post had."""

    tokens: Sequence[TokenLine]
    webhooks: Sequence[SubscriptionFacts]
    manages: bool
    request_id: str
    first_day: date
    last_day: date
    expires_on: str
    scopes: Sequence[Option]
    holders: Sequence[Option]
    kinds: Sequence[Option]
    name: str = ""
    url: str = ""
    secret: Secret | None = None
    faults: Sequence[Fault] = ()
    errors: Mapping[str, Text] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Messages:
    """The messages to one subscription, and the way on."""

    webhook: SubscriptionFacts
    lines: Sequence[tuple[DeliveryFacts, str, str]]
    next_key: str
    after: str


def interfaces(request: HttpRequest, actor: Actor) -> Interfaces | None:
    """Return the page, after doing what was posted; None where that is done and the page is to be asked for anew."""
    if request.method != "POST":
        return _page(actor)
    posted = request.POST
    try:
        secret = _doing(posted)(request, actor)
    except PlumblineError as error:
        return _page(actor, posted=posted, error=error)
    return _page(actor, secret=secret) if secret else None


def deliveries(request: HttpRequest, actor: Actor, *, webhook_id: UUID) -> Messages | None:
    """Return the messages of a subscription; None after a post that had one sent once more. Raises: Hidden."""
    accounts.require(actor, "interface.manage", subject=accounts.interfaces_of(actor.organisation_id))
    if request.method == "POST":
        actions.redeliver(actor, _id(request.POST, "delivery"), at=timezone.now())
        messages.success(request, _("会重发这条推送"))
        return None
    after = request.GET.get("after", "").replace(" ", "+")
    webhook = notices.subscription(actor.organisation_id, webhook_id)
    found = notices.deliveries_of(actor.organisation_id, webhook_id, after=after)
    return Messages(webhook, [(each, *_state_of(each)) for each in found.deliveries], found.next_key, after)


def _doing(posted: QueryDict) -> Callable[[HttpRequest, Actor], Secret | None]:
    found = {
        "make": _make, "revoke": _revoke, "subscribe": _subscribe, "end": _end, "renew": _renew, "ping": _ping,
    }.get(posted.get("act", ""))  # fmt: skip
    if found is None:
        raise _stale()
    return found


def _make(request: HttpRequest, actor: Actor) -> Secret:
    posted = request.POST
    wanted = NewToken(
        posted.get("name", ""),
        tuple(posted.getlist("scopes")),
        _day(posted.get("expires_on", "")),
        is_machine=posted.get("holder") == MACHINE,
    )
    token, text = actions.make_token(actor, wanted, request_id=request_key(posted), at=timezone.now())
    return Secret(
        _("令牌“{name}”已做好").format(name=token.name),
        text,
        _("令牌只在这里显示一次，系统不保存。现在抄到要用它的程序里；丢了就撤销它，另做一个。"),
    )


def _revoke(request: HttpRequest, actor: Actor) -> None:
    token = actions.revoke_token(actor, _id(request.POST, "token"), at=timezone.now())
    messages.success(request, _("已撤销令牌“{name}”").format(name=token.name))


def _subscribe(request: HttpRequest, actor: Actor) -> Secret | None:
    posted = request.POST
    made, secret = actions.subscribe(
        actor, posted.get("url", "").strip(), kinds=posted.getlist("kinds"), request_id=request_key(posted),
        at=timezone.now(),
    )  # fmt: skip
    if not secret:
        messages.success(request, _("已订阅，推送到 {url}").format(url=made.url))
        return None
    return _secret_of(made, secret)


def _renew(request: HttpRequest, actor: Actor) -> Secret:
    renewed, secret = actions.renew_secret(actor, _id(request.POST, "webhook"), at=timezone.now())
    return _secret_of(renewed, secret)


def _end(request: HttpRequest, actor: Actor) -> None:
    ended = actions.end_subscription(actor, _id(request.POST, "webhook"), at=timezone.now())
    messages.success(request, _("不再推送到 {url}").format(url=ended.url))


def _ping(request: HttpRequest, actor: Actor) -> None:
    actions.try_address(actor, _id(request.POST, "webhook"), at=timezone.now())
    messages.success(request, _("会试发一条；结果在“看推送”里"))


def _secret_of(webhook: SubscriptionFacts, secret: str) -> Secret:
    return Secret(
        _("推送到 {url} 的密钥").format(url=webhook.url),
        secret,
        _("密钥只在这里显示一次。收到推送的程序用它核对签名；丢了就换一个。"),
    )


def _page(
    actor: Actor, *, posted: QueryDict | None = None, error: PlumblineError | None = None, secret: Secret | None = None
) -> Interfaces:
    typed = posted or QueryDict()
    today = timezone.localdate()
    manages = accounts.manages_interfaces(actor)
    return Interfaces(
        tokens=[_line(each, today) for each in accounts.tokens_of(actor)],
        webhooks=notices.subscriptions_of(actor.organisation_id) if manages else (),
        manages=manages,
        request_id=new_request_id(),
        first_day=today,
        last_day=today + timedelta(days=366),
        expires_on=typed.get("expires_on", (today + timedelta(days=USUAL_DAYS)).isoformat()),
        scopes=_scopes(typed.getlist("scopes")),
        holders=_holders(actor, typed.get("holder", PERSONAL), manages=manages),
        kinds=_kinds(typed.getlist("kinds")),
        name=typed.get("name", ""),
        url=typed.get("url", ""),
        secret=secret,
        faults=faults(error),
        errors=errors_by_field(error),
        status=status_of(error) if error else 200,
    )


def _scopes(chosen: Sequence[str]) -> list[Option]:
    return [
        Option(
            code,
            text_of(each.title),
            hint=f"{code} · {_('只有个人令牌')}" if each.is_personal else code,
            is_selected=code in chosen,
        )
        for code, each in accounts.TOKEN_SCOPES.items()
    ]


def _kinds(chosen: Sequence[str]) -> list[Option]:
    return [Option(code, text_of(words), hint=code, is_selected=code in chosen) for code, words in HAPPENINGS.items()]


def _holders(actor: Actor, chosen: str, *, manages: bool) -> list[Option]:
    found = [Option(PERSONAL, _("我本人"), hint=_("角色结束就停"), is_selected=chosen == PERSONAL)]
    if manages:
        label = _("本单位的系统，角色“{role}”").format(role=role_words(actor.role))
        hint = _("同单位管接口的人都看得到、停得了")
        found.append(Option(MACHINE, label, hint=hint, is_selected=chosen == MACHINE))
    return found


def _line(token: TokenFacts, today: date) -> TokenLine:
    kind, word = ("ok", _("可用")) if token.works(today) else ("unk", _("已到期"))
    if token.revoked_at is not None:
        kind, word = "rev", _("已撤销")
    known = accounts.TOKEN_SCOPES
    words = [known[each].title for each in token.scopes if each in known]
    return TokenLine(token, role_words(token.role), kind, word, words)


def _state_of(found: DeliveryFacts) -> tuple[str, str]:
    return {
        "waiting": ("run", _("等着发")), "delivered": ("ok", _("已送到")), "given_up": ("bad", _("已放弃")),
    }[found.state]  # fmt: skip


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise InputError(say("到期日期看不懂"), remedy=say("写成 2026-11-20 这样"), field="expires_on") from err


def _id(posted: QueryDict, name: str) -> UUID:
    try:
        return UUID(posted.get(name, ""))
    except ValueError as err:
        raise _stale() from err


def _stale() -> InputError:
    return InputError(say("这一页已经失效"), remedy=say("刷新页面再提交；您填的内容请先复制"))
