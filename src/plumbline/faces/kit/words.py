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

ERRAND_KINDS = {
    "import.entries": gettext_noop("导入名册"),
    "import.instruments": gettext_noop("导入器具"),
    "import.organisations": gettext_noop("导入单位"),
    "import.calibrations": gettext_noop("导入校准记录"),
    "import.answers": gettext_noop("导入对接系统的答复"),
    "import.cases": gettext_noop("从文件申请"),
    "demo.city": gettext_noop("演示：填充整座城市"),
}
ERRAND_PHASES = {
    "open": gettext_noop("打开文件"),
    "columns": gettext_noop("等您说明各列"),
    "read": gettext_noop("读取和检查各行"),
    "compare": gettext_noop("与已登记的核对"),
    "report": gettext_noop("写出要改的行"),
    "take": gettext_noop("等您决定是否导入"),
    "write": gettext_noop("写入"),
    "sites": gettext_noop("登记单位和器具"),
    "visits": gettext_noop("办理检定"),
}
ERRAND_STATES = {
    "waiting": ("dft", gettext_noop("排队")),
    "running": ("run", gettext_noop("进行中")),
    "asks": ("due", gettext_noop("等您答复")),
    "stopped": ("unk", gettext_noop("已停止")),
    "done": ("ok", gettext_noop("已完成")),
    "failed": ("bad", gettext_noop("没有做完")),
}


def state_word(kind: str) -> str:
    """Return the plain word of a state kind. Raises: KeyError for a kind that does not exist."""
    return _(STATE_WORDS[kind])


def status_words(status: str) -> str:
    """Return what the status of a rule value means; a status not known is shown as it is."""
    return _(STATUS_WORDS[status]) if status in STATUS_WORDS else str(status)


def errand_kind(kind: str) -> str:
    """Return what a kind of long work is called; one this release does not know by its own name."""
    return _(ERRAND_KINDS[kind]) if kind in ERRAND_KINDS else kind


def errand_phase(phase: str) -> str:
    """Return what long work is doing, nothing for a phase without a word."""
    return _(ERRAND_PHASES[phase]) if phase in ERRAND_PHASES else ""


def errand_state(state: str) -> tuple[str, str]:
    """Return (state kind, word) of long work. Raises: KeyError for a state that does not exist."""
    kind, word = ERRAND_STATES[state]
    return kind, _(word)
