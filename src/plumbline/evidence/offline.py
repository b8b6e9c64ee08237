#!/usr/bin/env python3
"""Check one bundle, a certificate's or an outcome document's, off line: python3 offline.py BUNDLE [--trust FILE].

One file, standard library only, sharing no code with the platform that made the bundle. It follows the ten steps of
the platform's trust design, section 5, and stops at the first failure. The trust file says whose keys to believe; a
key found in the bundle counts only if a log's key announced it. Every statement the certificate cites must be in the
bundle, be said by who may say it, and be about this certificate. Steps 7 and 8 need the time of an independent witness;
without one they answer NO_WITNESS_TIME, and what the log's order and the claimed dates contradict is refused. Exit
codes: 0 authentic, 1 refused, 2 cannot read the file, 3 consistent but DEMO or its keys are not anchored, 4 expired.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any  # parsed JSON of a stranger

MAX_BUNDLE, MAX_TRUST, MAX_PAYLOAD, MAX_PROOF, MAX_LEAF = 20_000_000, 1_000_000, 500_000, 64_000, 65_535
MAX_ITEMS, MAX_DEPTH, MAX_SIGNATURES, MAX_HASHES = 64, 32, 16, 63
MAX_PARTS, MAX_ROW_PARTS = 20_000, 2_000_000
"""Values of a JSON document; of a status list or a trust file, which are long and come from whom we trust."""
MAX_CHECKS = 80
"""Signatures that are computed for one bundle: a good one needs about ten, a hostile one may cost no more than this."""
PAYLOAD_TYPE = "application/vnd.nqi.statement+json"
CITED = {
    "scope": "scope.granted",
    "qualification": "person.qualified",
    "standard": "standard.certified",
    "evidence": "measurement.committed",
}
ISSUED = ("certificate.issued", "document.issued")
"""What a bundle proves: a certificate, or the outcome document of a procedure, which cites no measurement."""
DOCUMENT = ("doc_no", "kind", "holder", "issuer", "granted_on", "valid_until")
"""What the record of an outcome document and its statement say alike."""
BEGINS = ("key.added", "scope.granted", "person.qualified", *ISSUED)
"""What later statements of the same family may end or change, for instance `scope.withdrawn` a `scope.granted`."""
STATUSES = ("revoked", "superseded", "suspended")
LOG = ("log", "root")
USAGES = {"key.added": LOG, "status.published": (*LOG, "status"), **dict.fromkeys(ISSUED, ("seal",))}
"""Which keys may say a type of statement; any other type is said by a seal or the log."""

STEPS = (
    ("格式", "format"),
    ("文件摘要", "file digests"),
    ("出具单位的签名", "signature of the issuer"),
    ("日志条目", "log leaf"),
    ("日志收录证明", "inclusion in the log"),
    ("日志检查点", "log checkpoint"),
    ("密钥与授权在当时有效", "keys and authority in force"),
    ("声称的签发时间", "claimed time of issue"),
    ("撤销与替代", "revocation and replacement"),
    ("有效期", "period of validity"),
)
TEXTS = {
    "OK": ("文件真实，内容未被改动", "The document is authentic and unchanged"),
    "BAD_FORMAT": ("文件格式不对，不能核验", "The file is malformed and cannot be checked"),
    "FILE_MISMATCH": (
        "文件与签名声明不符，不要采信",
        "A file differs from the signed statement; do not rely on it",
    ),
    "BAD_SIGNATURE": ("签名不成立，不要采信", "The signature is not valid; do not rely on it"),
    "LEAF_MISMATCH": ("日志条目与声明不符，不要采信", "The log leaf differs from the statement; do not rely on it"),
    "NOT_IN_LOG": ("日志里没有这份文件，不要采信", "The document is not in the log; do not rely on it"),
    "BAD_CHECKPOINT": ("日志检查点不成立，不要采信", "The log checkpoint is not valid; do not rely on it"),
    "KEY_NOT_VALID_AT_T": (
        "密钥、授权或原始记录当时不成立，不要采信",
        "A key, an authority or the raw record did not hold at the time; do not rely on it",
    ),
    "NO_WITNESS_TIME": (
        "由出具单位自己的平台记入日志，尚无独立见证时间",
        "Logged by the issuer's own platform, not yet witnessed",
    ),
    "REVOKED": ("文件已被撤销，不要采信", "The document has been revoked; do not rely on it"),
    "SUPERSEDED": ("文件已被新的替代，不要采信", "The document has been replaced; do not rely on it"),
    "SUSPENDED": ("文件已被暂停，不要采信", "The document is suspended; do not rely on it"),
    "STATUS_UNKNOWN": (
        "手中没有签发以后的状态清单，不知道是否已撤销",
        "No status list later than the document in hand; revocation is unknown",
    ),
    "EXPIRED": ("文件真实，但有效期已过", "Authentic, but the period of validity has ended"),
    "DEMO": ("演示文件：签名成立，但没有法律效力", "DEMO: the signatures hold, but it has no legal effect"),
    "KEY_NOT_ANCHORED": (
        "内容自洽，但真实性只依据文件自带的密钥；用 --trust 给出另行取得的公钥",
        "Consistent in itself, but authenticity rests on keys found in the file; give keys from elsewhere by --trust",
    ),
}
Said = str | tuple[str, str]
DETAILS = ("detail_zh", "detail")
EXITS = {"OK": 0, "DEMO": 3, "KEY_NOT_ANCHORED": 3, "EXPIRED": 4}


class Refused(Exception):  # noqa: N818  it is a verdict, not an error of this program
    """A step failed; `code` is one of TEXTS, `detail` says where: a name of the format, or words in both languages."""

    def __init__(self, code: str, detail: Said = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


def _refuse_if(is_wrong: object, refused: Refused) -> None:
    if is_wrong:
        raise refused


@dataclass(eq=False)
class Key:
    """A public key: `anchored` by the trust file, what it is for, and the statements that announced it."""

    public: bytes
    anchored: bool = False
    demo: bool = False
    usage: str = ""
    announced: list[Logged] = field(default_factory=list)


@dataclass(eq=False)
class Logged:
    """A statement with its place in a log; `value` is the payload read, `ends` what later withdraws or changes it."""

    where: str
    payload: bytes
    envelope: dict[str, Any]
    value: dict[str, Any]
    index: int
    hashes: list[bytes]
    note: str
    size: int = 0
    signer: Key = field(default_factory=lambda: Key(b""))
    ends: list[Logged] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The type of the statement."""
        return str(self.value["type"])

    @property
    def issuer(self) -> str:
        """In whose name it is said."""
        return str(self.value["issuer"])

    @property
    def demo(self) -> bool:
        """Whether it is a demo's."""
        return self.value.get("demo") is True


@dataclass
class Anchors:
    """What is known: keys by owner and key id, log keys by (name, key id), and what was computed already."""

    given: bool = False
    keys: dict[str, dict[str, Key]] = field(default_factory=dict)
    logs: dict[tuple[str, bytes], Key] = field(default_factory=dict)
    notes: dict[str, tuple[int, bytes, bool]] = field(default_factory=dict)
    checked: dict[tuple[bytes, bytes, bytes], bool] = field(default_factory=dict)

    def verify(self, public: bytes, signature: bytes, *, message: bytes) -> bool:
        """Return whether a signature is right, computing each one once. Raises: Refused beyond MAX_CHECKS."""
        asked = (public, signature, hashlib.sha256(message).digest())
        if asked not in self.checked:
            if len(self.checked) >= MAX_CHECKS:
                raise Refused("BAD_FORMAT", (f"签名超过 {MAX_CHECKS} 个", f"more than {MAX_CHECKS} signatures"))
            self.checked[asked] = verify_ed25519(public, signature, message=message)
        return self.checked[asked]


def check_bundle(data: bytes, trust: bytes | None, *, at: datetime) -> dict[str, Any]:
    """Return the verdict on a bundle: every step with its outcome, the code, the exit code, and text in two languages.

    trust: the bytes of a trust file (log keys and bodies' keys got from elsewhere), or None.
    at: aware time of checking; validity is judged on its date in China.  Never raises for any bytes.
    """
    today = _legal_day(at)
    report: dict[str, Any] = {"v": 1, "ok": False, "code": "", "exit": 1, "anchored": False, "demo": False}
    report |= {"result": None, "validity": None, "status": None, "status_as_of": None, "checked_on": today}
    report |= {"certificate": {}, "steps": []}
    try:
        _check(data, trust, today=today, report=report)
    except Refused as refused:
        _step(report, "fail", code=refused.code, detail=refused.detail)
    except Exception as error:  # noqa: BLE001  a stranger's file must end in a verdict, never in a traceback
        _step(report, "fail", code="BAD_FORMAT", detail=type(error).__name__)
    return _conclude(report)


def _check(data: bytes, trust: bytes | None, *, today: str, report: dict[str, Any]) -> None:
    anchors = _read_trust(trust)
    files, main, others, status = _open_bundle(data)
    report["demo"] = main.demo
    report["certificate"] = _summary(main.value)
    report["result"] = main.value.get("result")
    _step(report, "pass")
    _check_files(files, main.value)
    _step(report, "pass")
    _learn_keys(anchors, others)
    main.signer = _check_signature(main, anchors)
    _step(report, "pass", detail="" if main.signer.anchored else ("密钥取自凭证包", "key found in the bundle"))
    leaf = _leaf_hash(main)
    _step(report, "pass")
    root = _check_inclusion(main, leaf)
    _step(report, "pass", detail=(f"第 {main.index} 条，共 {main.size} 条", f"index {main.index} of {main.size}"))
    log_anchored = _check_note(main, root, anchors=anchors)
    report["certificate"] |= {"leaf": main.index, "log_size": main.size, "log": main.note.split("\n")[0]}
    in_bundle, no_policy = ("日志密钥取自凭证包", "log key found in the bundle"), ("没有要求见证", "no witness policy")
    _step(report, "pass", detail=no_policy if log_anchored else in_bundle)
    for other in others:
        _check_logged(other, main, anchors=anchors)
    _attach_ends([main, *others])
    _check_keys(main, others)
    if main.kind == "document.issued":
        _check_document(main.value, files)
    else:
        digest, measured = _record(files, "record.json")
        _check_authority(main, others, digest=digest, measured=measured)
    report["anchored"] = log_anchored and all(item.signer.anchored for item in (main, *others))
    _step(report, "unknown", code="NO_WITNESS_TIME")
    _step(report, "unknown", code="NO_WITNESS_TIME")
    _check_status(status, main, anchors=anchors, report=report)
    _check_validity(main.value, today, report=report)


# ---- step 1: format -------------------------------------------------------------------------------------------------


def _open_bundle(data: bytes) -> tuple[dict[str, bytes], Logged, list[Logged], tuple[bytes, Logged] | None]:
    bundle = _parse(data, MAX_BUNDLE)
    _members(bundle, {"v", "files", "statement", "proof", "keys", "status"}, where="bundle")
    if bundle["v"] != 1 or not isinstance(bundle["files"], dict) or not isinstance(bundle["keys"], list):
        raise Refused("BAD_FORMAT", "bundle")
    if len(bundle["files"]) > MAX_ITEMS or len(bundle["keys"]) > MAX_ITEMS:
        raise Refused("BAD_FORMAT", ("部分太多", "too many parts"))
    main = _logged({"statement": bundle["statement"], "proof": bundle["proof"]}, "statement")
    if main.kind not in ISSUED or not isinstance(main.value.get("demo", True), bool):
        raise Refused("BAD_FORMAT", ("不是证书，也不是结果文件", "neither a certificate nor an outcome document"))
    results = ("pass", "fail") if main.kind == "certificate.issued" else (None,)
    _refuse_if(main.value.get("result") not in results, Refused("BAD_FORMAT", "result"))
    others = [_logged(item, f"keys[{i}]") for i, item in enumerate(bundle["keys"])]
    status = None
    if bundle["status"] is not None:
        _members(bundle["status"], {"list", "statement", "proof"}, where="status")
        inner = {name: bundle["status"][name] for name in ("statement", "proof")}
        status = (_base64(bundle["status"]["list"]), _logged(inner, "status"))
    items = [main, *others, *([status[1]] if status else [])]
    if not len(items) == len({item.payload for item in items}) == len({item.index for item in items}):
        raise Refused("BAD_FORMAT", ("声明重复", "repeated statement"))
    return {name: _base64(text) for name, text in bundle["files"].items()}, main, others, status


def _logged(item: Any, where: str) -> Logged:
    _members(item, {"statement", "proof"}, where=where)
    envelope, proof = item["statement"], item["proof"]
    _members(envelope, {"payload", "payloadType", "signatures"}, where=where)
    signatures = envelope["signatures"]
    if not isinstance(proof, str) or len(proof) > MAX_PROOF or envelope["payloadType"] != PAYLOAD_TYPE:
        raise Refused("BAD_FORMAT", where)
    if not isinstance(signatures, list) or not 1 <= len(signatures) <= MAX_SIGNATURES:
        raise Refused("BAD_FORMAT", where)
    for signature in signatures:
        _members(signature, {"keyid", "sig"}, where=where)
        _refuse_if(not isinstance(signature["keyid"], str), Refused("BAD_FORMAT", where))
        _base64(signature["sig"])
    if len({signature["keyid"] for signature in signatures}) != len(signatures):
        raise Refused("BAD_FORMAT", (f"{where}：密钥编号重复", f"{where}: repeated key id"))
    payload = _base64(envelope["payload"])
    value = _parse(payload, MAX_PAYLOAD)
    _refuse_if(not isinstance(value, dict) or value.get("v") != 1, Refused("BAD_FORMAT", where))
    if not all(isinstance(value.get(name), str) and value[name] for name in ("type", "issuer")):
        raise Refused("BAD_FORMAT", where)
    index, hashes, note = _proof_parts(proof)
    return Logged(where, payload, envelope, value, index, hashes, note)


def _parse(data: bytes, limit: int, *, parts: int = MAX_PARTS) -> Any:
    if len(data) > limit or sum(map(data.count, (b",", b"[", b"{"))) > parts:
        raise Refused("BAD_FORMAT", (f"超过 {limit} 字节或 {parts} 个值", f"more than {limit} bytes or {parts} values"))
    try:
        value = json.loads(
            data.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_number, parse_float=_no_number
        )
        _check_tree(value, 0)
    except (ValueError, RecursionError) as error:
        raise Refused("BAD_FORMAT", str(error)[:120]) from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise ValueError("duplicate key")
    return table


def _no_number(text: str) -> Any:
    raise ValueError(f"number {text[:20]}")


def _check_tree(value: Any, depth: int) -> None:
    """Refuse deep nesting, integers beyond 2^53 and lone surrogates, which other readers may take differently."""
    if depth > MAX_DEPTH or (isinstance(value, int) and abs(value) >= 2**53):
        raise ValueError("nested too deeply or number too large")
    if isinstance(value, str):
        value.encode("utf-8")
    for name, part in value.items() if isinstance(value, dict) else ():
        name.encode("utf-8")
        _check_tree(part, depth + 1)
    for part in value if isinstance(value, list) else ():
        _check_tree(part, depth + 1)


def _members(value: Any, names: set[str], *, where: str) -> None:
    _refuse_if(not isinstance(value, dict) or set(value) != names, Refused("BAD_FORMAT", where))


def _base64(text: Any) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (AttributeError, binascii.Error, ValueError) as error:
        raise Refused("BAD_FORMAT", "base64") from error
    _refuse_if(base64.b64encode(data).decode("ascii") != text, Refused("BAD_FORMAT", "base64"))
    return data


def _day(value: Any, where: str) -> str:
    """Return a day as text, by which days can be compared."""
    try:
        day = date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise Refused("BAD_FORMAT", where) from error
    _refuse_if(day != value, Refused("BAD_FORMAT", where))
    return day


def _instant(value: Any, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Refused("BAD_FORMAT", where) from error
    if at.tzinfo is None or not 1970 < at.year < 9999:
        raise Refused("BAD_FORMAT", where)
    return at


def _legal_day(at: datetime) -> str:
    """Return the day in China, by which validity is judged."""
    return (at.astimezone(UTC) + timedelta(hours=8)).date().isoformat()


# ---- trust ----------------------------------------------------------------------------------------------------------


def _read_trust(trust: bytes | None) -> Anchors:
    anchors = Anchors(given=trust is not None)
    if trust is None:
        return anchors
    value = _parse(trust, MAX_TRUST, parts=MAX_ROW_PARTS)
    _members(value, {"v", "logs", "keys"}, where="trust file")
    for text in value["logs"]:
        _add_log(anchors, text, like=Key(b"", anchored=True))
    of_logs = {key.public for key in anchors.logs.values()}
    for item in value["keys"]:
        _members(item, {"issuer", "id", "algorithm", "public", "demo", "usage"}, where="trust file")
        public = _base64(item["public"])
        usage = "log" if public in of_logs else str(item["usage"])
        key = Key(public, anchored=True, demo=item["demo"] is True, usage=usage)
        anchors.keys.setdefault(item["issuer"], {})[_key_id(public)] = key
    return anchors


def _learn_keys(anchors: Anchors, others: list[Logged]) -> None:
    """Add the keys that `key.added` statements announce. Only a log's key speaks for a key; a body's seal never does.

    A trust file that knows such a key is the only beginning; else a log's key that announces itself begins, unanchored.
    """
    added = [(other, *_announced(other)) for other in others if other.kind == "key.added"]
    rooted = any(key.usage in LOG for known in anchors.keys.values() for key in known.values())
    for other, owner, key in added:
        if not rooted and key.usage == "log" and owner == other.issuer and _signed(other, key, anchors=anchors):
            anchors.keys.setdefault(owner, {}).setdefault(_key_id(key.public), key)
            if not anchors.given:
                _add_log(anchors, other.value["key"].get("vkey"), like=key)
    for other, owner, key in added:
        if not key.public:
            continue  # a key this program cannot use is an unknown key
        known = [each for each in anchors.keys.get(other.issuer, {}).values() if each.usage in LOG]
        speakers = [each for each in known if _signed(other, each, anchors=anchors)]
        if not speakers:
            raise Refused("BAD_SIGNATURE", (f"{other.where}：日志没有公布", f"{other.where}: not announced by the log"))
        held = anchors.keys.setdefault(owner, {}).setdefault(_key_id(key.public), key)
        held.anchored |= any(each.anchored for each in speakers)
        held.demo |= other.demo
        held.announced.append(other)


def _announced(item: Logged) -> tuple[str, Key]:
    """Return owner and key of a `key.added` statement; the public key is empty if this program cannot use it."""
    entry = item.value.get("key")
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in ("owner", "usage")):
        raise Refused("BAD_FORMAT", item.where)
    for name in ("valid_from", "valid_until"):
        _day(entry.get(name), item.where)
    public = _base64(entry.get("public")) if entry.get("algorithm") == "ed25519" else b""
    return entry["owner"], Key(public, demo=item.demo, usage=entry["usage"])


def _add_log(anchors: Anchors, text: Any, *, like: Key) -> None:
    name, mark, rest = text.partition("+") if isinstance(text, str) else ("", "", "")
    data = _base64(rest[9:])
    digest = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if not name or not mark or rest[:9] != digest.hex() + "+" or len(data) != 33 or data[0] != 1:
        raise Refused("BAD_FORMAT", ("日志密钥", "log key"))
    anchors.logs[name, digest] = Key(data[1:], like.anchored, like.demo, "log")


def _key_id(public: bytes) -> str:
    return "ed25519-" + hashlib.sha256(public).hexdigest()[:32]


# ---- steps 2 to 6 ---------------------------------------------------------------------------------------------------


def _check_files(files: dict[str, bytes], value: dict[str, Any]) -> None:
    entries = value.get("files")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused("BAD_FORMAT", ("声明里的文件", "files of the statement"))
    if sorted(str(entry.get("name")) for entry in entries) != sorted(files) or not entries:
        raise Refused("FILE_MISMATCH", "names")
    for entry in entries:
        data = files[entry["name"]]
        if entry.get("bytes") != len(data) or entry.get("sha256") != hashlib.sha256(data).hexdigest():
            raise Refused("FILE_MISMATCH", entry["name"])


def _check_signature(item: Logged, anchors: Anchors) -> Key:
    """Return the best known key of the issuer that signed. A known key with a wrong signature refuses the statement."""
    known = anchors.keys.get(item.issuer, {})
    named = [known[each["keyid"]] for each in item.envelope["signatures"] if each["keyid"] in known]
    good = [key for key in named if _signed(item, key, anchors=anchors)]
    _refuse_if(not good or len(good) != len(named), Refused("BAD_SIGNATURE", item.where))
    if any(key.demo and not item.demo for key in good):
        raise Refused("BAD_SIGNATURE", (f"{item.where}：演示密钥", f"{item.where}: demo key"))
    fit = [key for key in good if key.usage in USAGES.get(item.kind, ("seal", *LOG))]
    if not fit:
        raise Refused("BAD_SIGNATURE", (f"{item.where}：别种用途的密钥", f"{item.where}: key of another usage"))
    return max(fit, key=lambda key: key.anchored)


def _signed(item: Logged, key: Key, *, anchors: Anchors) -> bool:
    kind, key_id = PAYLOAD_TYPE.encode(), _key_id(key.public)
    message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(item.payload), item.payload)
    found = [each["sig"] for each in item.envelope["signatures"] if each["keyid"] == key_id]
    return bool(found) and anchors.verify(key.public, _base64(found[0]), message=message)


def _leaf_hash(item: Logged) -> bytes:
    value = item.value
    ref = value.get("supersedes" if value["type"] in ISSUED else "ref")
    if ref is not None and (not isinstance(ref, int) or isinstance(ref, bool) or ref < 0):
        raise Refused("LEAF_MISMATCH", item.where)
    leaf = {"v": 1, "type": value["type"], "issuer": value["issuer"], "ref": ref}
    leaf["stmt"] = hashlib.sha256(item.payload).hexdigest()
    leaf["env"] = hashlib.sha256(_canonical(item.envelope)).hexdigest()
    data = _canonical(leaf)
    _refuse_if(len(data) > MAX_LEAF, Refused("LEAF_MISMATCH", item.where))
    return hashlib.sha256(b"\x00" + data).digest()


def _canonical(value: Any) -> bytes:
    """RFC 8785 for objects whose keys are ASCII and whose numbers are integers, as all of these are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _proof_parts(text: str) -> tuple[int, list[bytes], str]:
    head, blank, note = text.partition("\n\n")
    lines = head.split("\n")
    if lines[1:2] and lines[1].startswith("extra "):
        _base64(lines.pop(1)[6:])
    match = re.fullmatch(r"index (0|[1-9][0-9]{0,17})", lines[1]) if len(lines) > 1 else None
    if lines[0] != "c2sp.org/tlog-proof@v1" or not blank or match is None or len(lines) > 2 + MAX_HASHES:
        raise Refused("BAD_FORMAT", "proof")
    return int(match[1]), [_base64(line) for line in lines[2:]], note


def _check_inclusion(item: Logged, leaf: bytes) -> bytes:
    """Return the root that the audit path leads to; fill in the size. Source: RFC 9162, 2.1.3.2."""
    lines = item.note.split("\n")
    if len(lines) < 4 or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise Refused("BAD_FORMAT", (f"{item.where}：检查点", f"{item.where}: checkpoint"))
    item.size = int(lines[1])
    node, last, result = item.index, item.size - 1, leaf
    for part in item.hashes:
        _refuse_if(last <= 0 or len(part) != 32, Refused("NOT_IN_LOG", item.where))
        if node & 1 or node == last:
            result = hashlib.sha256(b"\x01" + part + result).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\x01" + result + part).digest()
        node, last = node >> 1, last >> 1
    _refuse_if(item.index >= item.size or last != 0 or result != _base64(lines[2]), Refused("NOT_IN_LOG", item.where))
    return result


def _check_note(item: Logged, root: bytes, *, anchors: Anchors) -> bool:
    """Return whether the log's key is anchored. Raises: Refused unless the log signed this root and size."""
    if item.note not in anchors.notes:
        anchors.notes[item.note] = _open_note(item.note, anchors)
    size, signed_root, anchored = anchors.notes[item.note]
    _refuse_if((size, signed_root) != (item.size, root), Refused("BAD_CHECKPOINT", item.where))
    return anchored


def _open_note(note: str, anchors: Anchors) -> tuple[int, bytes, bool]:
    text, blank, tail = note.rpartition("\n\n")
    text += "\n"
    lines = text.split("\n")
    signed = tail[:-1].split("\n")
    if not blank or not tail.endswith("\n") or len(signed) > MAX_SIGNATURES or len(lines) < 4:
        raise Refused("BAD_CHECKPOINT", "format")
    found: list[Key] = []
    for row in signed:
        match = re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", row)
        if match is None:
            raise Refused("BAD_CHECKPOINT", "format")
        data = _base64(match[2])
        key = anchors.logs.get((match[1], data[:4])) if match[1] == lines[0] else None
        if key is None:
            continue
        if key in found or not anchors.verify(key.public, data[4:], message=text.encode("utf-8")):
            raise Refused("BAD_CHECKPOINT", "signature")
        found.append(key)
    _refuse_if(not found, Refused("BAD_CHECKPOINT", ("不认识的日志", "unknown log")))
    return int(lines[1]), _base64(lines[2]), found[0].anchored


def _check_logged(item: Logged, main: Logged, *, anchors: Anchors) -> None:
    """Check signature, leaf, inclusion and checkpoint of another statement, in the log of the certificate."""
    item.signer = _check_signature(item, anchors)
    _check_note(item, _check_inclusion(item, _leaf_hash(item)), anchors=anchors)
    if item.note.partition("\n")[0] != main.note.partition("\n")[0]:
        raise Refused("BAD_CHECKPOINT", f"{item.where}: another log, whose order says nothing here")


# ---- steps 7 to 10 --------------------------------------------------------------------------------------------------


def _attach_ends(items: list[Logged]) -> None:
    """Note with each statement what ends or changes it, if its speaker, the owner of its key or the log says so."""
    by_index = {item.index: item for item in items}
    for item in (item for item in items if isinstance(item.value.get("ref"), int)):
        target = by_index.get(item.value["ref"])
        if target is None or target.kind not in BEGINS or item.kind == target.kind:
            continue
        if item.kind.partition(".")[0] != target.kind.partition(".")[0]:
            continue
        owner = target.value["key"]["owner"] if target.kind == "key.added" else target.issuer
        if item.signer.usage in LOG or item.issuer in (owner, target.issuer):
            target.ends.append(item)


def _check_keys(main: Logged, others: list[Logged]) -> None:
    """Refuse a seal not announced before it spoke, or ended before; the certificate's also by the day of issue."""
    for other in others:
        if other.signer.usage == "seal" and not _is_in_force(other.signer, other.index):
            raise Refused("KEY_NOT_VALID_AT_T", (f"{other.where}：密钥", f"{other.where}: key"))
    issued = _instant(main.value.get("issued_at"), "issued_at")
    if not _is_in_force(main.signer, main.index, day=_legal_day(issued)):
        raise Refused("KEY_NOT_VALID_AT_T", ("出具单位的密钥", "key of the issuer"))
    for end in _compromises(main.signer):
        zh, en = f"出具单位的密钥已泄露：{end.where}", f"key of the issuer: compromised, {end.where}"
        _refuse_if(issued >= _instant(end.value.get("since"), end.where), Refused("KEY_NOT_VALID_AT_T", (zh, en)))


def _is_in_force(key: Key, index: int, *, day: str = "") -> bool:
    """Tell whether some announcement of a key stood in the log before `index`, was not ended, and covers the day."""
    if any(end.index < index for end in _compromises(key)):
        return False
    standing = [each for each in key.announced if each.index < index and not _ended(each, index)]
    spans = [each.value["key"] for each in standing]
    return any(not day or span["valid_from"] <= day <= span["valid_until"] for span in spans)


def _compromises(key: Key) -> list[Logged]:
    return [end for each in key.announced for end in each.ends if end.kind == "key.compromised"]


def _ended(item: Logged, index: int) -> bool:
    return any(end.index < index and end.kind != "scope.changed" for end in item.ends)


def _check_document(said: dict[str, Any], files: dict[str, bytes]) -> None:
    """Refuse an outcome document whose record says otherwise than its statement."""
    record = _record(files, "document.json")[1]
    body = record.get("body")
    told = {**record, "issuer": body.get("code") if isinstance(body, dict) else None}
    for name in DOCUMENT:
        _refuse_if(name not in said or told.get(name) != said[name], Refused("FILE_MISMATCH", f"document.json: {name}"))


def _record(files: dict[str, bytes], name: str) -> tuple[str, dict[str, Any]]:
    """Return the digest and the members of a record: what was measured and with what, or what was granted to whom."""
    data = files.get(name, b"null")
    value = _parse(data, MAX_BUNDLE)
    _refuse_if(not isinstance(value, dict), Refused("KEY_NOT_VALID_AT_T", ("没有原始记录", "no raw record")))
    return hashlib.sha256(data).hexdigest(), value


def _check_authority(main: Logged, others: list[Logged], *, digest: str, measured: dict[str, Any]) -> None:
    """Refuse unless each cited statement is here, said by who may, about this certificate, and covers its day.

    digest, measured: SHA-256 of the raw record, which is among the files, and its members.
    """
    performed = _day(main.value.get("performed_on"), "performed_on")
    told, instrument, used = main.value.get("instrument"), measured.get("instrument"), measured.get("standards")
    if not isinstance(told, dict) or not isinstance(instrument, dict) or not isinstance(used, list):
        raise Refused(
            "KEY_NOT_VALID_AT_T", ("没有写明器具或计量标准", "no instrument or no measurement standard named")
        )
    cited = {name: _cited(name, main, others=others) for name in CITED}
    certified = [(each.value.get("standard"), each.value.get("certificate_no")) for each in cited["standard"]]
    claims = [
        ("record.json: instrument", _same(instrument.get("code"), told.get("code"))),
        ("record.json: performed_on", measured.get("performed_on") == performed),
        ("record.json: verdict", (measured.get("verdict") == "pass") == (main.value.get("result") == "pass")),
        ("record.json: standards", [(each.get("code"), each.get("certificate_no")) for each in used] == certified),
    ]
    same = {"record_sha256": digest, "instrument": told.get("code"), "performed_on": performed}
    same["standards"] = [code for code, _ in certified]
    for each in cited["evidence"]:
        claims += [(f"evidence: {name}", each.value.get(name) == wanted) for name, wanted in same.items()]
        claims.append(("evidence: said by another", each.issuer == main.issuer))
    for each in cited["scope"]:
        claims.append(("scope: body", each.value.get("body") == main.issuer))
        claims.append(("scope: said by the body itself", each.issuer != main.issuer))
    for each in cited["qualification"]:
        claims.append(("qualification: person", _same(each.value.get("person"), main.value["authz"].get("officer"))))
        claims.append(("qualification: body", each.value.get("body", main.issuer) == main.issuer))
    for each in cited["qualification"] + cited["standard"]:
        claims.append((f"{each.kind}: said by another", each.issuer == main.issuer or each.signer.usage in LOG))
    for each in cited["scope"] + cited["qualification"] + cited["standard"]:
        for said in (each, *(end for end in each.ends if end.kind == "scope.changed" and end.index < main.index)):
            claims.append((f"{said.kind}: days or items", _covers(said, performed, item=instrument.get("category"))))
    for what, holds in claims:
        _refuse_if(not holds, Refused("KEY_NOT_VALID_AT_T", what))


def _cited(name: str, main: Logged, *, others: list[Logged]) -> list[Logged]:
    """Return the statements a certificate cites under a name: before it in the log and not withdrawn before."""
    by_index = {other.index: other for other in others}
    authz = main.value.get("authz")
    if not isinstance(authz, dict):
        raise Refused("KEY_NOT_VALID_AT_T", "authz")
    indices = main.value.get(name) if name == "evidence" else authz.get(name)
    found = []
    for index in indices if isinstance(indices, list) else [indices]:
        if type(index) is not int or not 0 <= index < main.index:
            raise Refused("KEY_NOT_VALID_AT_T", name)
        each, zh, en = by_index.get(index), f"{name}：第 {index} 条", f"{name}: leaf {index}"
        if each is None:
            raise Refused("KEY_NOT_VALID_AT_T", (f"{zh}不在凭证包里", f"{en} is not in the bundle"))
        if each.kind != CITED[name] or (each.demo and not main.demo):
            raise Refused("KEY_NOT_VALID_AT_T", (f"{zh}说的不是这个", f"{en} says something else"))
        if _ended(each, main.index):
            raise Refused("KEY_NOT_VALID_AT_T", (f"{name}：此前已收回", f"{name}: withdrawn before"))
        found.append(each)
    _refuse_if(not found, Refused("KEY_NOT_VALID_AT_T", (f"{name}：没有", f"{name}: none")))
    return found


def _same(a: Any, b: Any) -> bool:
    """Tell whether two names are one; a name that is missing on both sides is none."""
    return isinstance(a, str) and a == b


def _covers(said: Logged, day: str, *, item: Any) -> bool:
    """Tell whether a scope, a qualification or a standard's certificate covers the day and the item measured."""
    since, until = (_day(said.value.get(name), said.where) for name in ("valid_from", "valid_until"))
    items = said.value.get("items")
    return since <= day <= until and isinstance(items, list) and isinstance(item, str) and item in items


def _check_status(
    status: tuple[bytes, Logged] | None, main: Logged, *, anchors: Anchors, report: dict[str, Any]
) -> None:
    report["status"] = "unknown"
    for end in sorted(main.ends, key=lambda end: end.index):
        last = end.kind.partition(".")[2]
        if report["status"] not in ("revoked", "superseded"):
            report["status"] = last if last in STATUSES else "unknown"
    if report["status"] != "unknown":
        raise Refused(report["status"].upper(), ("凭证包里的声明说的", "said by a statement in the bundle"))
    if status is None:
        return _step(report, "unknown", code="STATUS_UNKNOWN", detail=_as_of(report["checked_on"]))
    data, published = status
    _check_logged(published, main, anchors=anchors)
    if published.kind != "status.published" or (published.demo and not main.demo):
        raise Refused("BAD_SIGNATURE", published.where)
    if published.value.get("sha256") != hashlib.sha256(data).hexdigest():
        raise Refused("FILE_MISMATCH", ("状态清单", "status list"))
    as_of = _instant(published.value.get("as_of"), "as_of").astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    rows = _status_rows(data, published.value.get("count"))
    report["status_as_of"] = as_of
    codes = [code for leaf, code, _ in rows if leaf == main.index]
    if codes:
        report["status"] = codes[-1]
        raise Refused(codes[-1].upper(), _as_of(as_of))
    if published.index <= main.index:
        return _step(report, "unknown", code="STATUS_UNKNOWN", detail=_as_of(as_of))
    report["status"] = "good"
    return _step(report, "pass", detail=_as_of(as_of))


def _as_of(moment: str) -> Said:
    return f"截至 {moment}", f"as of {moment}"


def _status_rows(data: bytes, count: Any) -> list[tuple[int, str, int]]:
    """Return the rows [leaf, code, leaf of the event] of a list. Raises: Refused unless all are such, and sorted."""
    rows = _parse(data, MAX_BUNDLE, parts=MAX_ROW_PARTS)
    wrong = Refused("BAD_FORMAT", ("状态清单", "status list"))
    _refuse_if(not isinstance(rows, list) or len(rows) != count, wrong)
    for row in rows:
        shape = [type(part) for part in row] if isinstance(row, list) else []
        _refuse_if(shape != [int, str, int] or row[1] not in STATUSES, wrong)
    _refuse_if(rows != sorted(rows), wrong)
    return [(row[0], row[1], row[2]) for row in rows]


def _check_validity(value: dict[str, Any], today: str, *, report: dict[str, Any]) -> None:
    if value.get("valid_until") is None:
        report["validity"] = "none"
        return _step(report, "pass", detail=("没有有效期", "no period of validity"))
    until = _day(value["valid_until"], "valid_until")
    report["validity"] = "expired" if until < today else "in_date"
    if report["validity"] == "expired":
        return _step(report, "unknown", code="EXPIRED", detail=(f"{until}，截至 {today}", f"{until}, as of {today}"))
    return _step(report, "pass", detail=(f"至 {until}，截至 {today}", f"until {until}, as of {today}"))


# ---- report ---------------------------------------------------------------------------------------------------------


def _step(report: dict[str, Any], outcome: str, *, code: str = "", detail: Said = "") -> None:
    number = len(report["steps"])
    zh, en = STEPS[min(number, len(STEPS) - 1)]
    said = (detail, detail) if isinstance(detail, str) else detail
    shown = ("".join(each if each.isprintable() else "?" for each in text[:200]) for text in said)  # a stranger's text
    row = {"step": number + 1, "zh": zh, "en": en, "outcome": outcome, "code": code}
    report["steps"].append(row | dict(zip(DETAILS, shown, strict=True)))


def _summary(value: dict[str, Any]) -> dict[str, Any]:
    certificate = ("cert_no", "kind", "issuer", "result", "performed_on", "valid_until", "issued_at", "instrument")
    names = certificate if value["type"] == "certificate.issued" else (*DOCUMENT, "issued_at")
    return {name: value.get(name) for name in names}


def _conclude(report: dict[str, Any]) -> dict[str, Any]:
    failed = [step["code"] for step in report["steps"] if step["outcome"] == "fail"]
    if failed:
        report["code"] = failed[0]
    elif report["demo"]:
        report["code"] = "DEMO"
    elif not report["anchored"]:
        report["code"] = "KEY_NOT_ANCHORED"
    else:
        report["code"] = "EXPIRED" if report["validity"] == "expired" else "OK"
    report["exit"] = EXITS.get(report["code"], 1)
    report["ok"] = report["code"] == "OK"
    report["zh"], report["en"] = _lines(report, 0), _lines(report, 1)
    return report


def _lines(report: dict[str, Any], language: int) -> list[str]:
    """Return the verdict in words, one sentence a line, the most important first."""
    marks = {"pass": "[+]", "fail": "[x]", "unknown": "[?]"}
    lines = [TEXTS[report["code"]][language]]
    shown = report["code"] in EXITS
    if shown:
        lines += [_conclusion(report)[language], _standing(report)[language]]
    if shown and report["code"] != "KEY_NOT_ANCHORED" and not report["anchored"]:
        lines.append(TEXTS["KEY_NOT_ANCHORED"][language])
    if shown and report["validity"] == "expired" and report["code"] != "EXPIRED":
        lines.append(("有效期已过", "The period of validity has ended")[language])
    for step in report["steps"]:
        words = TEXTS[step["code"]][language] if step["code"] else ""
        parts = [part for part in (words, step[DETAILS[language]]) if part]
        name = step["zh"] if language == 0 else step["en"]
        lines.append(f"{marks[step['outcome']]} {step['step']} {name}" + (f": {'; '.join(parts)}" if parts else ""))
    return lines


def _conclusion(report: dict[str, Any]) -> tuple[str, str]:
    until = report["certificate"].get("valid_until")
    if report["result"] == "fail":
        return "结论：不合格", "Conclusion: does not conform"
    zh, en = ("结论：合格", "Conclusion: conforms") if report["result"] else ("结果文件", "Outcome document")
    if until is None:
        return f"{zh}；没有写明有效期", f"{en}; no period of validity is stated"
    return f"{zh}；写明有效期至 {until}", f"{en}; the stated period of validity ends on {until}"


def _standing(report: dict[str, Any]) -> tuple[str, str]:
    """Return what is known of revocation, and as of when. Never "valid" without it: trust design, 5, step 9."""
    as_of = report["status_as_of"]
    if report["status"] == "good":
        return f"截至 {as_of} 的状态清单：未撤销、未替代", f"As of {as_of} (status list): neither revoked nor replaced"
    seen = as_of or report["checked_on"]
    return f"截至 {seen}：不知道是否已撤销", f"As of {seen}: whether it has been revoked is unknown"


# ---- Ed25519 (RFC 8032, section 5.1.7) ------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def verify_ed25519(public: bytes, signature: bytes, *, message: bytes) -> bool:
    """Return whether the signature is right; encodings that are not canonical are refused."""
    if len(public) != 32 or len(signature) != 64:
        return False
    point = _decode(public)
    s = int.from_bytes(signature[32:], "little")
    if point is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, t = point
    return _encode(_double_multiply(s, BASE, h=h, a=(P - x, y, z, P - t))) == signature[:32]


def _decode(data: bytes) -> Point | None:
    number = int.from_bytes(data, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == P - u and u:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def _encode(point: Point) -> bytes:
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    return (y * inverse % P | (x * inverse % P & 1) << 255).to_bytes(32, "little")


def _add(a: Point, b: Point) -> Point:
    m = (a[1] - a[0]) * (b[1] - b[0]) % P
    n = (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = n - m, d - c, d + c, n + m
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double(a: Point) -> Point:
    m, n = a[0] * a[0] % P, a[1] * a[1] % P
    h = m + n
    e = h - (a[0] + a[1]) * (a[0] + a[1])
    g = m - n
    f = 2 * a[2] * a[2] + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def _double_multiply(s: int, b: Point, *, h: int, a: Point) -> Point:
    """Return s*b + h*a, two bits of both numbers at a time."""
    row_b = [ZERO, b, _double(b), _add(_double(b), b)]
    row_a = [ZERO, a, _double(a), _add(_double(a), a)]
    table = [[_add(p, q) for q in row_a] for p in row_b]
    result = ZERO
    for shift in range(252, -1, -2):
        result = _double(_double(result))
        i, j = s >> shift & 3, h >> shift & 3
        if i or j:
            result = _add(result, table[i][j])
    return result


BASE: Point = _decode((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or ZERO


def main(argv: list[str] | None = None, show: Callable[[str], object] = print) -> int:
    """Check a file named on the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Check a certificate bundle off line. 离线核验证书文件。")
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--trust", type=Path, help="trust.json with keys you got elsewhere 另行取得的公钥")
    parser.add_argument("--at", type=datetime.fromisoformat, help="check as on this day 按这一天核验")
    parser.add_argument("--json", action="store_true", help="print the verdict as JSON")
    given = parser.parse_args(argv)
    try:
        data = given.bundle.read_bytes()
        trust = given.trust.read_bytes() if given.trust else None
    except OSError as error:
        show(f"读不到文件 cannot read: {error.filename}: {error.strerror}")
        return 2
    at = given.at or datetime.now(UTC)
    report: Mapping[str, Any] = check_bundle(data, trust, at=at if at.tzinfo else at.replace(tzinfo=UTC))
    text = json.dumps(report, ensure_ascii=False, indent=1)
    show(text if given.json else "\n".join([*report["zh"], "", *report["en"]]))
    return int(report["exit"])


if __name__ == "__main__":
    sys.exit(main())
