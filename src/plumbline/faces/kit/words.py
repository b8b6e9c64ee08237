"""The fixed words of the kit: what a state is called, what the status of a rule value means."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

STATE_WORDS = {
    "ok": gettext_noop("有效"),
    "due": gettext_noop("将到期"),
    "over": gettext_noop("逾期"),
    "bad": gettext_noop("不合格"),
    "rev": gettext_noop("已撤销"),
    "unk": gettext_noop("不明"),
    "run": gettext_noop("办理中"),
    "dft": gettext_noop("草稿"),
}

STATUS_WORDS = {
    "verified": gettext_noop("已见于所列来源"),
    "from memory": gettext_noop("凭记忆写入，未核对"),
    "unknown": gettext_noop("不明"),
    "assumption": gettext_noop("假设，不是法规"),
    "pattern": gettext_noop("按通例推定，未核对"),
}


def state_word(kind: str) -> str:
    """Return the plain word of a state kind. Raises: KeyError for a kind that does not exist."""
    return _(STATE_WORDS[kind])


def status_words(status: str) -> str:
    """Return what the status of a rule value means; a status not known is shown as it is."""
    return _(STATUS_WORDS[status]) if status in STATUS_WORDS else str(status)
