"""Which visits the demo tells: two rounds that are done, then live cases in every state, some late or failed."""

from __future__ import annotations

from datetime import date, timedelta

from plumbline.faces.commands.demo import plan
from plumbline.faces.commands.demo.acting import friday
from plumbline.faces.commands.demo.story import Storyteller, Visit

FAILING_FIRST = frozenset({"S02-N03", "S05-N07", "S09-N01"})
FAILING_SECOND = frozenset({"S03-N05", "S07-N02"})
BROKEN_SECOND = frozenset({"S10-N04"})
LEFT_OUT = 4
"""How many nozzles of the last station were not presented in the second round, so that they are overdue."""


def first_round(today: date) -> list[Visit]:
    """Return the visits of about a year ago: every nozzle of every station."""
    return [
        Visit(f"A/{station.key}", station, friday(today - timedelta(days=352 - 8 * place)), station.nozzles,
              failing=FAILING_FIRST)
        for place, station in enumerate(plan.stations())
    ]  # fmt: skip


def second_round(today: date) -> list[Visit]:
    """Return the visits of the last half year; the earliest have just become due again."""
    found = []
    for place, station in enumerate(plan.stations()):
        day = friday(today - timedelta(days=194 - 14 * place))
        nozzles = station.nozzles[:-LEFT_OUT] if place == len(plan.COUNTIES) - 1 else station.nozzles
        found.append(Visit(f"B/{station.key}", station, day, nozzles, failing=FAILING_SECOND, broken=BROKEN_SECOND))
    return found


def live(today: date) -> list[Visit]:
    """Return the cases that are open today, one or more in each state; the first waits longer than its limit."""
    stations = plan.stations()
    stops = (
        ("late", 0, 24, slice(0, 6), "submit"), ("measured", 0, 6, slice(6, 10), "record"),
        ("fresh", 1, 1, slice(0, 4), "submit"), ("accepted", 3, 5, slice(0, 3), "accept"),
        ("assigned", 4, 6, slice(0, 3), "assign"), ("on-site", 5, 6, slice(0, 5), "record"),
        ("checked", 6, 7, slice(0, 3), "review"), ("approved", 7, 8, slice(0, 2), "approve"),
        ("issued", 8, 9, slice(0, 2), "issue"), ("overdue", 9, 25, slice(0, 3), "assign"),
    )  # fmt: skip
    return [
        Visit(f"L/{key}", stations[place], friday(today - timedelta(days=back)), stations[place].nozzles[part], until,
              failing=frozenset({"S01-N08"}), recorded=2 if key == "on-site" else None)
        for key, place, back, part, until in stops
    ]  # fmt: skip


def tell_turns(teller: Storyteller, today: date) -> None:
    """Tell what did not go straight: a case returned, one withdrawn, one sent back to the verifier."""
    stations = plan.stations()
    returned = Visit("L/returned", stations[2], friday(today - timedelta(days=6)), stations[2].nozzles[:2], "submit")
    teller.apply(returned)
    reason = {"reason": "第 2 把油枪的铭牌照片看不清，补拍后重新提交"}
    teller.act(returned, "reception/return", form=reason, at=(1, 11))
    withdrawn = Visit(
        "L/withdrawn", stations[10], friday(today - timedelta(days=9)), stations[10].nozzles[:2], "submit"
    )
    teller.apply(withdrawn)
    teller.act(withdrawn, "station-c/withdraw", form={"remarks": "改期"}, at=(1, 11))
    sent_back = Visit(
        "L/sent-back", stations[11], friday(today - timedelta(days=7)), stations[11].nozzles[:2], "record"
    )
    teller.tell([sent_back], lambda _: None)
    reason = {"reason": "小流量第 2 次的出口油温与前后相差较大，核对后重录"}
    teller.act(sent_back, "checker/send_back", form=reason, at=(3, 15))
