"""Answers whether XML may be read at all, and whether a DCC is valid by the official schema an operator has installed.

Schemas are not part of this package. Nothing is fetched: imports inside the schema resolve to files beside it or fail.
Source: the project's trust design, section 11.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from lxml import etree

from plumbline.errors import ProofError, StateError, say

MAX_XML_BYTES = 5_000_000
MAX_DEPTH = 100
DCC_SCHEMA = "v3.3.0/dcc.xsd"


def parse_xml(data: bytes) -> etree._Element:
    """Return the root of an XML document that declares no document type.

    Raises: ProofError for a DOCTYPE, more than 5 MB, more than 100 levels, another encoding than UTF-8, or ill-formed
    XML.
    """
    if len(data) > MAX_XML_BYTES:
        raise _refusal("XML 超过 {limit} 字节", limit=MAX_XML_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal("XML 不是 UTF-8 编码") from error
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise _refusal("XML 里有文档类型声明，拒绝读取")
    declared = re.match(r"\s*<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)", text)
    if declared is not None and declared[1].upper() not in ("UTF-8", "US-ASCII"):
        raise _refusal("XML 不是 UTF-8 编码")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal("不是合式的 XML：{reason}", reason=str(error)) from error
    _check_depth(root)
    return root


def find_schema(schema_dir: Path) -> Path | None:
    """Return the DCC 3.3.0 schema file in the folder an operator has registered, or None."""
    path = schema_dir / DCC_SCHEMA
    return path if path.is_file() else None


def validate_dcc(xml: bytes, schema_dir: Path) -> None:
    """Return nothing if the DCC is valid by the installed schema.

    Raises: ProofError naming the first faults with their lines; StateError if no schema is installed there.
    """
    path = find_schema(schema_dir)
    if path is None:
        raise StateError(
            say("没有安装 DCC 3.3.0 模式"), remedy=say("用 plumbline dcc schema install 登记官方模式所在的文件夹")
        )
    root = parse_xml(xml)
    schema = _schema(path, path.stat().st_mtime_ns)
    if not schema.validate(root):
        log: list[etree._LogEntry] = [*schema.error_log]  # type: ignore[misc]  # the stubs forget that it can be iterated
        faults = [f"{entry.line}: {entry.message}" for entry in log[:5]]
        raise ProofError(say("DCC 不符合 3.3.0 模式"), where=say("{faults}", faults="; ".join(faults)))


@lru_cache(maxsize=4)
def _schema(path: Path, _changed: int) -> etree.XMLSchema:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.XMLSchema(etree.parse(str(path), parser))


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAX_DEPTH:
            raise _refusal("XML 的层数超过 {limit}", limit=MAX_DEPTH)


def _refusal(template: str, **params: object) -> ProofError:
    return ProofError(say(template, **params), remedy=say("向出具单位索取原始文件"))
