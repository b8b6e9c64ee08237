"""The national instrument system (强检器具, e-CQS): instruments under mandatory verification and their results.

Its interface is not published and was not seen: every name of the other side is unknown, and the format is ours. What
becomes known of it goes into `theirs`, and into docs/partners/national-instrument-system.md, which a test holds equal.
"""

from __future__ import annotations

from plumbline.gateways.partners.model import CODE, DAY, Item, Partner, Record

STATES = ("in_use", "out_of_use", "sealed", "retired", "scrapped")
STANDINGS = ("standing", "revoked", "superseded")
PARTNER = Partner(
    id="national_instruments",
    zh="全国强检计量器具系统（e-CQS）",
    en="National system of instruments under mandatory verification (e-CQS)",
    version=1,
    records=(
        Record(
            "instrument",
            "器具",
            "instrument",
            "identity",
            (
                Item("identity", "器具码", "identity", CODE, 20, is_required=True),
                Item("their_id", "对方的编号", "their identifier", CODE, 80),
                Item("category", "强检目录类别", "category of the catalogue", CODE, 40, is_required=True),
                Item("name", "器具名称", "name", is_required=True),
                Item("model", "型号规格", "model"),
                Item("serial", "出厂编号", "serial number"),
                Item("maker", "制造单位", "maker"),
                Item("range", "测量范围", "range"),
                Item("accuracy_class", "准确度等级", "accuracy class"),
                Item(
                    "owner_uscc", "使用单位的统一社会信用代码", "credit code of the owner", CODE, 18, is_required=True
                ),
                Item("owner_name", "使用单位", "owner", is_required=True),
                Item("region", "行政区划代码", "region", CODE, 6, is_required=True),
                Item("place", "安装位置", "place"),
                Item("state", "状态", "state", CODE, 20, is_required=True, codes=STATES),
                Item("demo", "演示数据", "demo data", CODE, 3, is_required=True, codes=("yes", "no")),
            ),
        ),
        Record(
            "result",
            "检定结果",
            "result of a verification",
            "certificate",
            (
                Item("certificate", "证书编号", "number of the certificate", CODE, 40, is_required=True),
                Item("their_id", "对方的编号", "their identifier", CODE, 80),
                Item("identity", "器具码", "identity", CODE, 20, is_required=True),
                Item("conclusion", "结论", "conclusion", CODE, 4, is_required=True, codes=("pass", "fail")),
                Item("performed_on", "检定日期", "performed on", DAY, 10, is_required=True),
                Item("valid_until", "有效期至", "valid until", DAY, 10),
                Item("body_uscc", "检定机构的统一社会信用代码", "credit code of the body", CODE, 18, is_required=True),
                Item("body_name", "检定机构", "body", is_required=True),
                Item(
                    "standing",
                    "证书状态",
                    "standing",
                    CODE,
                    10,
                    is_required=True,
                    codes=STANDINGS,
                ),
                Item("demo", "演示数据", "demo data", CODE, 3, is_required=True, codes=("yes", "no")),
            ),
        ),
    ),
)
