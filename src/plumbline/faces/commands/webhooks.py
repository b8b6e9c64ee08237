"""`plumbline webhooks deliver`: send the messages that are due to the systems that subscribed to them.

By hand or by a timer: a worker calls the same `notices.jobs.deliver_due` now and again (`config.works`).
"""

from __future__ import annotations

from django.utils import timezone

from plumbline.domain.notices import jobs
from plumbline.domain.notices.types import Delivered
from plumbline.errors import InputError, say
from plumbline.faces.commands.terminal import tell


def run(arguments: list[str]) -> int:
    """Deliver until nothing is due; returns 0. Raises: InputError for another word."""
    if arguments != ["deliver"]:
        raise InputError(say("webhooks 没有“{verb}”这个用法", verb=" ".join(arguments)), remedy=say("用 deliver"))
    whole = Delivered()
    while (done := jobs.deliver_due(timezone.now())).count:
        whole = whole + done
    tell(
        say(
            "推送：送到 {taken} 条，要再试 {retry} 条，放弃 {given_up} 条",
            taken=whole.taken, retry=whole.to_retry, given_up=whole.given_up,
        )
    )  # fmt: skip
    return 0
