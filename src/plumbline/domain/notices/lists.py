"""The inbox as a list, the newest first, and the letters that went out or did not."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from plumbline.domain.notices.models import Letter, Notice
from plumbline.domain.rows.listing.spec import EQUAL, SPAN, Choice, Column, Join, Kind, ListSpec, Sort
from plumbline.domain.rows.types import Scope
from plumbline.errors import say
from plumbline.rulebook import notices as rulebook

UNREAD, READ = "unread", "read"
READING = {UNREAD: Choice(say("没读"), "run"), READ: Choice(say("已读"), "dft")}
LETTERS = {
    "waiting": Choice(say("等着发"), "run"),
    "sent": Choice(say("已发出"), "ok"),
    "given_up": Choice(say("发不出去，已放弃"), "bad"),
    "dropped": Choice(say("不再需要，没有发"), "unk"),
}
SORTS = {
    "notice": Choice(say("单条通知")),
    "digest": Choice(say("每日汇总")),
    "confirm": Choice(say("确认地址")),
    "invitation": Choice(say("邀请开账号")),
}


def notices(mine: QuerySet[Notice], whole: Join) -> ListSpec:
    """Return the inbox. mine: the rows of one reader; whole: the join that brings each notice, as `notice`."""
    return ListSpec(
        "notices",
        say("通知"),
        "",
        rows=lambda _scope: mine,
        columns=(
            Column("at", say("时间"), Kind.MOMENT, "at", operators=SPAN, is_sortable=True, is_fixed=True),
            Column("kind", say("种类"), Kind.CHOICE, "kind", operators=EQUAL, choices=kinds),
            Column("state", say("状态"), Kind.CHOICE, "read_at", operators=EQUAL, choices=lambda: READING, where=_state,
                   is_nullable=True, is_column=False),
        ),
        sort=Sort("at", is_descending=True),
        joins=(whole,),
    )  # fmt: skip


def letters() -> ListSpec:
    """Return the letters."""
    return ListSpec(
        "letters",
        say("发出的邮件"),
        "account.manage",
        rows=_letters,
        columns=(
            Column("made_at", say("写成时间"), Kind.MOMENT, "made_at", operators=SPAN, is_sortable=True, is_fixed=True),
            Column("username", say("账号"), Kind.CODE, "reader__user__username", operators=EQUAL,
                   is_nullable=True),
            Column("kind", say("种类"), Kind.CHOICE, "kind", operators=EQUAL, choices=lambda: SORTS),
            Column("state", say("状态"), Kind.CHOICE, "state", operators=EQUAL, choices=lambda: LETTERS),
            Column("attempts", say("试过几次"), Kind.INTEGER, "attempts"),
            Column("ended_at", say("了结时间"), Kind.MOMENT, "ended_at", is_nullable=True),
            Column("fault", say("最近一次为什么没发出"), path="fault"),
        ),
        sort=Sort("made_at", is_descending=True),
    )  # fmt: skip


def kinds() -> dict[str, Choice]:
    """Return the kinds of notices."""
    return {code: Choice(kind.name) for code, kind in rulebook.load().kinds.items()}


def _letters(scope: Scope) -> QuerySet[Letter]:
    rows = Letter.objects.all()
    return rows if scope.everything else rows.filter(organisation_id__in=scope.organisations)


def _state(text: str) -> Q:
    return Q(read_at__isnull=text == UNREAD)
