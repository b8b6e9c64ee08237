"""What a partner answers: a table with a row for each row it was given: taken, under which identifier, or why not.

A table is brought in as any other file is (CSV, Excel, Parquet, under the same caps); here are its columns and what a
row alone can have wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from plumbline.gateways.partners.model import PACKAGE, Partner
from plumbline.gateways.tables.template import Column, Template

ACCEPTED, REJECTED = "accepted", "rejected"
TEMPLATE = Template(
    "answers",
    (
        Column("format", "格式", "format", "照所给文件写", "as in the file given", is_required=True),
        Column("package", "批号", "package", "照所给文件写", "as in the file given", is_required=True),
        Column("record", "记录", "record", "照所给文件写", "as in the file given", is_required=True),
        Column("key", "键", "key", "器具码或证书编号", "identity or number of the certificate", is_required=True),
        Column("outcome", "结果", "outcome", "accepted 收下，rejected 不收", "accepted or rejected", is_required=True),
        Column("their_id", "对方的编号", "their identifier", "收下时写", "where accepted"),
        Column("reason", "原因", "reason", "不收时写", "where rejected"),
    ),
)
MOST = {"key": 40, "their_id": 80, "reason": 500}


def faults(partner: Partner, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the column and the code of what is wrong in a row alone: format_wrong, package_wrong, record_wrong,
    outcome_wrong, id_missing, reason_missing, too_long, unseen."""
    if values["format"] != partner.format:
        yield "format", "format_wrong"
    if not PACKAGE.fullmatch(values["package"]):
        yield "package", "package_wrong"
    if values["record"] not in partner.by_name:
        yield "record", "record_wrong"
    if values["outcome"] not in (ACCEPTED, REJECTED):
        yield "outcome", "outcome_wrong"
    if values["outcome"] == ACCEPTED and not values["their_id"]:
        yield "their_id", "id_missing"
    if values["outcome"] == REJECTED and not values["reason"]:
        yield "reason", "reason_missing"
    for key, most in MOST.items():
        if len(values[key]) > most:
            yield key, "too_long"
        elif not values[key].isprintable():
            yield key, "unseen"
