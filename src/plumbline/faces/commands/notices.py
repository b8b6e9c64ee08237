"""`plumbline notices send|remind|digest`: the timed work of notices, for whoever runs it by hand or by a timer.

Each may be run as often as one likes: nothing is sent, reminded of or summed up twice.
"""

from __future__ import annotations

from django.utils import timezone

from plumbline.domain.certificates import jobs as certificates
from plumbline.domain.notices import jobs as notices
from plumbline.domain.notices import queries
from plumbline.domain.notices.types import Sending
from plumbline.errors import say
from plumbline.faces.commands.arguments import Arguments
from plumbline.faces.commands.terminal import tell, warn

ROUNDS_MOST = 100


def run(arguments: list[str]) -> int:
    """Run the verb; returns 0, and 1 where a letter was given up in this run."""
    parser = Arguments(prog="./plumbline notices")
    parser.add_argument(
        "what", choices=("send", "remind", "digest"), help="发信、提醒到期、写每日汇总 / send, remind, digest"
    )
    what = parser.parse_args(arguments).what
    if not queries.is_mail_set_up() and what != "remind":
        warn(say("没有设置发邮件：config.toml 里没有 mail_host，什么也没有发"))
        return 0
    if what == "remind":
        tell(say("新写了 {n} 项到期提醒", n=certificates.remind(timezone.now())))
    elif what == "digest":
        tell(say("写了 {n} 份每日汇总", n=notices.digest(timezone.now())))
    else:
        return _send()
    return 0


def _send() -> int:
    """Send round after round until nothing is due or a server does not answer."""
    given_up = 0
    for _round in range(ROUNDS_MOST):
        done = notices.send_due(timezone.now())
        given_up += done.given_up
        if done != Sending():
            tell(
                say(
                    "发出 {sent} 封，稍后再试 {postponed} 封，放弃 {given_up} 封，不再需要 {dropped} 封",
                    sent=done.sent,
                    postponed=done.postponed,
                    given_up=done.given_up,
                    dropped=done.dropped,
                )
            )
        if done.sent + done.given_up + done.dropped < notices.BATCH:
            break
    return 1 if given_up else 0
