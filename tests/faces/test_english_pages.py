"""English pages are English: what has no English name, or was written in Chinese, is marked as Chinese."""

from __future__ import annotations

import re
from datetime import date
from functools import partial

import pytest
from django.test import Client
from lxml import html

from plumbline.domain.accounts.queries import SYSTEM
from plumbline.domain.cases import queries as cases
from plumbline.domain.certificates.types import CertificateFacts
from plumbline.domain.credentials import actions as credentials
from plumbline.domain.indicators import actions as indicators
from plumbline.domain.registers import actions as registers
from tests.domain.credentials.people import administrator, offer
from tests.faces.conftest import SignIn, act_of
from tests.world import TODAY, World, moment, sequence, uscc

CHINESE = re.compile(r"[\u3400-\u9fff\u3000-\u303f\uff01-\uff60]+")
TEXT_ALONE = frozenset({"script", "style", "textarea", "title", "option", "text"})
"""Elements in which nothing can be marked."""
NAMING = ("title", "aria-label", "alt")
HAVE_ENGLISH = ("测试院", "测试公司", "测试局", "加油机", "标准金属量器")
STAFF = (
    "/work/", "/notices/", "/notices/settings/", "/delegations/", "/roles/", "/roles/verifier/", "/cases/",
    "/cases/?phase=all",
    "/organisations/", "/lists/sites/", "/lists/scopes/", "/lists/people/", "/lists/qualifications/",
    "/cases/{case}/", "/cases/{open}/", "/cases/{case}/1/",
    "/instruments/", "/instruments/{identity}/", "/certificates/", "/certificates/{certificate}/", "/standards/",
    "/rules/", "/rules/JJG443-2023/", "/nope",
    "/figures/", "/figures/instruments/", "/figures/reports/", "/figures/reports/2026-11/?since=1",
)  # fmt: skip
PAGES = (
    *[f"approver {path}" for path in STAFF],
    *[f"approver {path}" for path in ("/my/sign-in/", "/my/sign-in/app/", "/my/sessions/", "/confirm/", "/password/")],
    *[
        f"admin {path}" for path in (
            "/accounts/", "/accounts/approver/", "/invitations/{promised}/", "/lists/invitations/",
            "/register/invite/?organisation={uscc}", "/register/account/",
            "/register/stop-account/?username=approver", "/register/end-role/?username=approver",
        )
    ],
    "reception /cases/{open}/", "verifier /cases/{entry}/1/observe/", "verifier /work/", "auditor /audit/",
    "county /figures/", "county /figures/reports/2026-11/?since=1",
    "auditor /accounts/verifier/sees/", "auditor /accounts/bureau/sees/",
    *[
        f"owner {path}" for path in (
            "/", "/apply/", "/my/cases/", "/my/cases/{case}/", "/my/instruments/", "/my/instruments/{identity}/",
            "/my/instruments/{identity}/label/", "/my/certificates/", "/my/certificates/{certificate}/", "/my/notices/",
            "/my/notices/settings/", "/my/delegations/",
        )
    ],
    *[f"nobody {path}" for path in ("/", "/login/", "/invitation/{invitation}/", "/invitation/none/")],
    *[f"nobody {path}" for path in ("/check/", "/c/{code}", "/log/")],
)  # fmt: skip


def left_chinese(page: bytes) -> list[str]:
    """Return every Chinese text a page shows outside what is marked as Chinese."""
    found = []
    for node in html.fromstring(page).iter():
        if not isinstance(node.tag, str) or node.tag in TEXT_ALONE:
            continue
        own = [node.text, *[child.tail for child in node]]
        languages = [language for each in (node, *node.iterancestors()) if (language := each.get("lang"))]
        if not languages[0].startswith("zh"):
            found += [text.strip() for text in own if text and CHINESE.search(text)]
    return found


def named_in_chinese(page: bytes) -> list[str]:
    """Return the Chinese names on a page of what has an English one."""
    shown = html.fromstring(page)
    told = [value for node in shown.iter() for name in NAMING if (value := node.get(name))]
    texts = [str(text) for text in (*shown.itertext(), *told)]
    return [f"{name} in {text.strip()}" for name in HAVE_ENGLISH for text in texts if name in text]


@pytest.fixture
def issued(world: World, sign_in: SignIn) -> CertificateFacts:
    """A certificate that was revoked with a reason in Chinese, in a case with everything."""
    document = world.issue(world.approved())
    sequence()
    form = act_of("revoke", 0, reason="原始记录抄错", reason_code="record_wrong")
    sign_in("approver").post(f"/certificates/{document.number}/", form)
    sequence()
    return document


def invited(world: World) -> tuple[str, str]:
    """Let an administrator invite somebody and stop an account and resume it; returns the invitation's code and id."""
    administrator(world)
    at = moment(hour=12)
    for act in (registers.deactivate, registers.reactivate):
        world.do("admin", partial(act, username="approver", reason="调离", at=at))
    code, made = world.do("admin", partial(credentials.invite, offer=offer(world), at=at))
    return code, str(made.id)


def test_english_pages_show_no_chinese_that_is_not_marked(
    world: World, issued: CertificateFacts, sign_in: SignIn
) -> None:
    case = world.do("approver", lambda _: cases.case(issued.case_id))
    entry, fresh = world.on_site(first=1), world.apply(first=2)
    indicators.freeze(SYSTEM, TODAY.replace(day=1), at=moment(date(2026, 12, 4)))
    world.apply(first=3)  # a late fact
    indicators.refresh(at=moment())
    identity, (invitation, promised) = world.nozzles()[0].identity, invited(world)
    names = {
        "case": case.number, "open": fresh.number, "entry": entry.number, "identity": identity,
        "certificate": issued.number, "code": issued.code, "uscc": uscc(2), "invitation": invitation,
        "promised": promised,
    }  # fmt: skip
    found = {}
    for opened in PAGES:
        username, path = opened.split()
        client = sign_in(username) if username != "nobody" else Client()
        answer = client.get(path.format(**names), headers={"accept-language": "en"})
        if answer.status_code not in {200, 404}:
            found[opened] = [str(answer.status_code), answer.headers.get("Location", "")]
        elif left := left_chinese(answer.content) + named_in_chinese(answer.content):
            found[opened] = left
    lines = {f"{opened}: {text[:70]}" for opened, texts in found.items() for text in texts}
    assert not lines, "\n".join(sorted(lines))
