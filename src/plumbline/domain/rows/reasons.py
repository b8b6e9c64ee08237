"""Why somebody changes or ends something, in words of their own that others will read."""

from __future__ import annotations

from plumbline.domain.rows.unseen import unseen
from plumbline.errors import InputError, Text, say

MOST = 300


def require_reason(reason: str, *, remedy: Text) -> str:
    """Return a reason without blanks around. Raises: InputError with the remedy if empty, too long or not showable."""
    text = reason.strip()
    if not text or len(text) > MOST or unseen(text):
        raise InputError(say("原因要写 1 到 {most} 个字，不带不可见字符", most=MOST), remedy=remedy, field="reason")
    return text
