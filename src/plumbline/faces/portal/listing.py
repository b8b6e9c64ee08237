"""Keys of pages in addresses: what a list continues after. A key that was tampered with is a faulty address."""

from __future__ import annotations

import re

from django.http import HttpRequest

from plumbline.errors import InputError, say

KEY = re.compile(r"[0-9T:+.~a-f-]{0,120}")


def page_key(request: HttpRequest, *, parts: int = 2) -> str:
    """Return the key after which a list goes on, empty for its beginning. Raises: InputError for what is no key.

    parts: how many parts the key of this list has, between tildes.
    """
    key = request.GET.get("after", "").replace(" ", "+")
    if key and (KEY.fullmatch(key) is None or key.count("~") != parts - 1):
        raise InputError(say("网址里的翻页记号看不懂"), remedy=say("回到清单的第一页再翻"))
    return key
