"""What nobody can see is refused beside its field: marks that turn the direction of a text, control characters."""

from __future__ import annotations

import pytest

from tests.faces.conftest import SignIn, act_of
from tests.faces.console.test_observe import address, sheet
from tests.faces.portal.test_apply import form
from tests.world import World

TURNED = "大理石\u202eabc"


@pytest.mark.parametrize("field", ["remarks", "place"])
def test_a_sheet_with_a_turned_text_is_refused_beside_the_field(world: World, sign_in: SignIn, field: str) -> None:
    case = world.on_site()
    answer = sign_in("verifier").post(address(case), sheet(world, case) | {field: TURNED})
    page = answer.content.decode()
    assert (answer.status_code, "U+202E" in page, f'id="{field}-e"' in page) == (422, True, True)
    assert world.case(case).state == "in_work"


@pytest.mark.parametrize("hidden", ["\u202a", "\u2066", "\u2069", "\u200e", "\u200f", "\x0b", "\u200b"])
def test_an_application_with_what_nobody_sees_is_refused_beside_the_field(
    world: World, sign_in: SignIn, hidden: str
) -> None:
    answer = sign_in("owner").post("/apply/", form(world, contact_phone=f"0577{hidden}1"))
    page = answer.content.decode()
    assert (answer.status_code, f"U+{ord(hidden):04X}" in page, 'id="contact_phone-e"' in page) == (422, True, True)


def test_a_reason_with_a_turned_text_is_refused_and_kept(world: World, sign_in: SignIn) -> None:
    case = world.apply()
    posted = act_of("return", world.case(case).sequence, reason=TURNED)
    answer = sign_in("reception").post(f"/cases/{case.number}/", posted)
    assert (answer.status_code, "U+202E" in answer.content.decode(), TURNED in answer.content.decode()) == (
        422,
        True,
        True,
    )


@pytest.mark.parametrize("act", ["revoke", "supersede"])
def test_the_end_of_a_certificate_has_a_reason_everybody_sees(world: World, sign_in: SignIn, act: str) -> None:
    issued = world.issue(world.approved())
    posted = act_of(act, 0, reason=TURNED, reason_code="other")
    answer = sign_in("approver").post(f"/certificates/{issued.number}/", posted)
    assert (answer.status_code, f'id="{act}-reason-e"' in answer.content.decode()) == (422, True)
