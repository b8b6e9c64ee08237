#!/usr/bin/env python3
"""Check one certificate bundle with no network and no other software: python3 offline.py BUNDLE [--trust FILE].

One file, standard library only, sharing no code with the platform that made the bundle. It follows the ten steps of
the platform's trust design, section 5, and stops at the first failure. Steps 7 and 8 need the time of an independent
witness; without one they answer NO_WITNESS_TIME and only what the log's order and the claimed dates contradict is
refused. Exit codes: 0 authentic, 1 refused, 2 cannot read the file, 3 consistent but DEMO or its keys are not
anchored, 4 expired.
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

MAX_BUNDLE, MAX_TRUST, MAX_PROOF, MAX_ITEMS, MAX_DEPTH = 20_000_000, 1_000_000, 64_000, 64, 32
MAX_SIGNATURES, MAX_HASHES = 16, 63
PAYLOAD_TYPE = "application/vnd.nqi.statement+json"
CITED = {"qualification": "person.qualified", "scope": "scope.granted", "standard": "standard.certified"}

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
    "OK": ("证书真实，内容未被改动", "The certificate is authentic and unchanged"),
    "BAD_FORMAT": ("文件格式不对，不能核验", "The file is malformed and cannot be checked"),
    "FILE_MISMATCH": (
        "证书文件与签名声明不符，不要采信",
        "A file differs from the signed statement; do not rely on it",
    ),
    "BAD_SIGNATURE": ("签名不成立，不要采信", "The signature is not valid; do not rely on it"),
    "LEAF_MISMATCH": ("日志条目与声明不符，不要采信", "The log leaf differs from the statement; do not rely on it"),
    "NOT_IN_LOG": ("日志里没有这份证书，不要采信", "The certificate is not in the log; do not rely on it"),
    "BAD_CHECKPOINT": ("日志检查点不成立，不要采信", "The log checkpoint is not valid; do not rely on it"),
    "KEY_NOT_VALID_AT_T": ("密钥或授权当时无效，不要采信", "A key or authority was not in force; do not rely on it"),
    "NO_WITNESS_TIME": (
        "由出具单位自己的平台记入日志，尚无独立见证时间",
        "Logged by the issuer's own platform, not yet witnessed",
    ),
    "REVOKED": ("证书已被撤销，不要采信", "The certificate has been revoked; do not rely on it"),
    "SUPERSEDED": ("证书已被新证书替代，不要采信", "The certificate has been replaced; do not rely on it"),
    "SUSPENDED": ("证书已被暂停，不要采信", "The certificate is suspended; do not rely on it"),
    "STATUS_UNKNOWN": ("手中没有状态清单，不知道是否已撤销", "No status list in hand; revocation is unknown"),
    "EXPIRED": ("证书真实，但有效期已过", "Authentic, but the period of validity has ended"),
    "DEMO": ("演示证书：签名成立，但没有法律效力", "DEMO: the signatures hold, but it has no legal effect"),
    "KEY_NOT_ANCHORED": (
        "内容自洽，但真实性只依据文件自带的密钥；用 --trust 给出另行取得的公钥",
        "Consistent in itself, but authenticity rests on keys found in the file; give keys from elsewhere by --trust",
    ),
}
EXITS = {"OK": 0, "DEMO": 3, "KEY_NOT_ANCHORED": 3, "EXPIRED": 4}


class Refused(Exception):  # noqa: N818  it is a verdict, not an error of this program
    """A step failed; `code` is one of TEXTS, `detail` says where."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


@dataclass
class Key:
    """A public key with what speaks for it: `anchored` from the trust file, `demo`, and its leaf when logged."""

    public: bytes
    anchored: bool
    demo: bool
    usage: str = "seal"
    index: int = -1
    since: str = ""
    until: str = "9999-12-31"


@dataclass
class Logged:
    """An opened statement with its proof. `value` is the payload read, `leaf` the hash of its log leaf."""

    where: str
    payload: bytes
    envelope: dict[str, Any]
    proof: str
    value: dict[str, Any] = field(default_factory=dict)
    index: int = -1
    size: int = 0
    signer: Key | None = None
    seen: dict[tuple[str, bytes], bool] = field(default_factory=dict)


@dataclass
class Anchors:
    """What is known: keys of each issuer, log keys by (name, key id); `given` if a trust file was."""

    given: bool = False
    keys: dict[str, dict[str, Key]] = field(default_factory=dict)
    logs: dict[tuple[str, bytes], Key] = field(default_factory=dict)
    notes: dict[str, tuple[int, bytes, bool]] = field(default_factory=dict)


def check_bundle(data: bytes, trust: bytes | None, *, at: datetime) -> dict[str, Any]:
    """Return the verdict on a bundle: every step with its outcome, the code, the exit code, and text in two languages.

    trust: the bytes of a trust file (log keys and bodies' keys got from elsewhere), or None.
    at: aware time of checking; validity is judged on its date in China.  Never raises for any bytes.
    """
    today = (at.astimezone(UTC) + timedelta(hours=8)).date()
    report: dict[str, Any] = {"v": 1, "ok": False, "code": "", "exit": 1, "anchored": False, "demo": False}
    report |= {"result": None, "validity": None, "status": None, "status_as_of": None, "checked_on": today.isoformat()}
    report |= {"certificate": {}, "steps": []}
    try:
        _check(data, trust, today=today, report=report)
    except Refused as refused:
        _step(report, "fail", code=refused.code, detail=refused.detail)
    except Exception as error:  # noqa: BLE001  a stranger's file must end in a verdict, never in a traceback
        _step(report, "fail", code="BAD_FORMAT", detail=type(error).__name__)
    return _conclude(report)


def _check(data: bytes, trust: bytes | None, *, today: date, report: dict[str, Any]) -> None:
    anchors = _read_trust(trust)
    bundle, main, others, status = _open_bundle(data)
    report["demo"] = main.value.get("demo") is True
    report["certificate"] = _summary(main.value)
    report["result"] = main.value.get("result")
    _step(report, "pass")
    _check_files(bundle["files"], main.value)
    _step(report, "pass")
    _learn_keys(anchors, others)
    main.signer = _check_signature(main, anchors)
    _step(report, "pass", detail="" if main.signer.anchored else "key found in the bundle")
    leaf = _leaf_hash(main)
    _step(report, "pass")
    root = _check_inclusion(main, leaf)
    _step(report, "pass", detail=f"index {main.index} of {main.size}")
    log_anchored = _check_note(main, root, anchors=anchors)
    report["certificate"] |= {"leaf": main.index, "log_size": main.size, "log": _note_lines(main.proof)[0]}
    _step(report, "pass", detail="no witness policy" if log_anchored else "log key found in the bundle")
    for other in others:
        _check_logged(other, anchors)
    _check_authority(main, others)
    report["anchored"] = log_anchored and main.signer.anchored
    _step(report, "unknown", code="NO_WITNESS_TIME")
    _step(report, "unknown", code="NO_WITNESS_TIME")
    _check_status(status, main, anchors=anchors, report=report)
    _check_validity(main.value, today, report=report)


# ---- step 1: format -------------------------------------------------------------------------------------------------


def _open_bundle(data: bytes) -> tuple[dict[str, Any], Logged, list[Logged], tuple[bytes, Logged] | None]:
    bundle = _parse(data, MAX_BUNDLE)
    _members(bundle, {"v", "files", "statement", "proof", "keys", "status"}, where="bundle")
    if bundle["v"] != 1 or not isinstance(bundle["files"], dict) or not isinstance(bundle["keys"], list):
        raise Refused("BAD_FORMAT", "bundle")
    if len(bundle["files"]) > MAX_ITEMS or len(bundle["keys"]) > MAX_ITEMS:
        raise Refused("BAD_FORMAT", "too many parts")
    main = _logged({"statement": bundle["statement"], "proof": bundle["proof"]}, "statement")
    if main.value.get("type") != "certificate.issued" or not isinstance(main.value.get("demo", True), bool):
        raise Refused("BAD_FORMAT", "not a certificate")
    others = [_logged(item, f"keys[{i}]") for i, item in enumerate(bundle["keys"])]
    status = None
    if bundle["status"] is not None:
        _members(bundle["status"], {"list", "statement", "proof"}, where="status")
        inner = {name: bundle["status"][name] for name in ("statement", "proof")}
        status = (_base64(bundle["status"]["list"]), _logged(inner, "status"))
    bundle["files"] = {name: _base64(text) for name, text in bundle["files"].items()}
    return bundle, main, others, status


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
        if not isinstance(signature["keyid"], str):
            raise Refused("BAD_FORMAT", where)
        _base64(signature["sig"])
    logged = Logged(where, _base64(envelope["payload"]), envelope, proof)
    logged.value = _parse(logged.payload, MAX_BUNDLE)
    if not isinstance(logged.value, dict) or logged.value.get("v") != 1:
        raise Refused("BAD_FORMAT", where)
    if not all(isinstance(logged.value.get(name), str) and logged.value[name] for name in ("type", "issuer")):
        raise Refused("BAD_FORMAT", where)
    return logged


def _parse(data: bytes, limit: int) -> Any:
    if len(data) > limit:
        raise Refused("BAD_FORMAT", f"more than {limit} bytes")
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
    if not isinstance(value, dict) or set(value) != names:
        raise Refused("BAD_FORMAT", where)


def _base64(text: Any) -> bytes:
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (AttributeError, binascii.Error, ValueError) as error:
        raise Refused("BAD_FORMAT", "base64") from error
    if base64.b64encode(data).decode("ascii") != text:
        raise Refused("BAD_FORMAT", "base64")
    return data


# ---- trust ----------------------------------------------------------------------------------------------------------


def _read_trust(trust: bytes | None) -> Anchors:
    anchors = Anchors(given=trust is not None)
    if trust is None:
        return anchors
    value = _parse(trust, MAX_TRUST)
    _members(value, {"v", "logs", "keys"}, where="trust file")
    for text in value["logs"]:
        _add_log(anchors, text, like=Key(b"", anchored=True, demo=False))
    for item in value["keys"]:
        _members(item, {"issuer", "id", "algorithm", "public", "demo", "usage"}, where="trust file")
        key = Key(_base64(item["public"]), anchored=True, demo=item["demo"] is True, usage=str(item["usage"]))
        anchors.keys.setdefault(item["issuer"], {})[_key_id(key.public)] = key
    return anchors


def _learn_keys(anchors: Anchors, others: list[Logged]) -> None:
    """Add the keys that `key.added` statements of the bundle name. One is anchored if an anchored key signed it."""
    for other in (item for item in others if item.value["type"] == "key.added"):
        entry = other.value.get("key")
        if not isinstance(entry, dict):
            raise Refused("BAD_FORMAT", other.where)
        if entry.get("algorithm") != "ed25519":
            continue  # a key this program cannot use is an unknown key
        texts = [entry.get(name) for name in ("owner", "usage", "valid_from", "valid_until")]
        if not all(isinstance(text, str) for text in texts):
            raise Refused("BAD_FORMAT", other.where)
        owner, usage, since, until = (str(text) for text in texts)
        known = anchors.keys.get(other.value["issuer"], {})
        anchored = any(key.anchored and _signed(other, key_id, key=key) for key_id, key in known.items())
        demo = other.value.get("demo") is True
        index = _proof_parts(other.proof)[0]
        key = Key(_base64(entry.get("public")), anchored, demo, usage, index, since, until)
        anchors.keys.setdefault(owner, {}).setdefault(_key_id(key.public), key)
        if usage == "log" and not anchors.given:
            _add_log(anchors, entry.get("vkey"), like=key)


def _add_log(anchors: Anchors, text: Any, *, like: Key) -> None:
    name, mark, rest = text.partition("+") if isinstance(text, str) else ("", "", "")
    data = _base64(rest[9:])
    digest = hashlib.sha256(name.encode() + b"\n" + data).digest()[:4]
    if not name or not mark or rest[:9] != digest.hex() + "+" or len(data) != 33 or data[0] != 1:
        raise Refused("BAD_FORMAT", "log key")
    anchors.logs[name, digest] = Key(data[1:], like.anchored, like.demo, "log")


def _key_id(public: bytes) -> str:
    return "ed25519-" + hashlib.sha256(public).hexdigest()[:32]


# ---- steps 2 to 6 ---------------------------------------------------------------------------------------------------


def _check_files(files: dict[str, bytes], value: dict[str, Any]) -> None:
    entries = value.get("files")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Refused("BAD_FORMAT", "files of the statement")
    if sorted(str(entry.get("name")) for entry in entries) != sorted(files) or not entries:
        raise Refused("FILE_MISMATCH", "names")
    for entry in entries:
        data = files[entry["name"]]
        if entry.get("bytes") != len(data) or entry.get("sha256") != hashlib.sha256(data).hexdigest():
            raise Refused("FILE_MISMATCH", entry["name"])


def _check_signature(item: Logged, anchors: Anchors) -> Key:
    """Return the best known key of the issuer that signed. A known key with a wrong signature refuses the statement."""
    known = anchors.keys.get(item.value["issuer"], {})
    named = [signature["keyid"] for signature in item.envelope["signatures"] if signature["keyid"] in known]
    good = [known[key_id] for key_id in named if _signed(item, key_id, key=known[key_id])]
    if not good or len(good) != len(named):
        raise Refused("BAD_SIGNATURE", item.where)
    demo = item.value.get("demo") is True
    if any(key.demo and not demo for key in good):
        raise Refused("BAD_SIGNATURE", f"{item.where}: demo key")
    return max(good, key=lambda key: key.anchored)


def _signed(item: Logged, key_id: str, *, key: Key) -> bool:
    if (key_id, key.public) not in item.seen:
        kind = PAYLOAD_TYPE.encode()
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(item.payload), item.payload)
        found = [s["sig"] for s in item.envelope["signatures"] if s["keyid"] == key_id]
        good = bool(found) and all(verify_ed25519(key.public, _base64(text), message=message) for text in found)
        item.seen[key_id, key.public] = good
    return item.seen[key_id, key.public]


def _leaf_hash(item: Logged) -> bytes:
    value = item.value
    ref = value.get("supersedes" if value["type"] == "certificate.issued" else "ref")
    if ref is not None and (not isinstance(ref, int) or isinstance(ref, bool) or ref < 0):
        raise Refused("LEAF_MISMATCH", item.where)
    leaf = {"v": 1, "type": value["type"], "issuer": value["issuer"], "ref": ref}
    leaf["stmt"] = hashlib.sha256(item.payload).hexdigest()
    leaf["env"] = hashlib.sha256(_canonical(item.envelope)).hexdigest()
    return hashlib.sha256(b"\x00" + _canonical(leaf)).digest()


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


def _note_lines(proof: str) -> list[str]:
    return _proof_parts(proof)[2].split("\n")


def _check_inclusion(item: Logged, leaf: bytes) -> bytes:
    """Return the root that the audit path leads to; fill in index and size. Source: RFC 9162, 2.1.3.2."""
    index, hashes, note = _proof_parts(item.proof)
    lines = note.split("\n")
    if len(lines) < 4 or not re.fullmatch(r"0|[1-9][0-9]{0,17}", lines[1]):
        raise Refused("BAD_FORMAT", f"{item.where}: checkpoint")
    item.index, item.size = index, int(lines[1])
    node, last, result = index, item.size - 1, leaf
    for part in hashes:
        if last <= 0 or len(part) != 32:
            raise Refused("NOT_IN_LOG", item.where)
        if node & 1 or node == last:
            result = hashlib.sha256(b"\x01" + part + result).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\x01" + result + part).digest()
        node, last = node >> 1, last >> 1
    if index >= item.size or last != 0 or result != _base64(lines[2]):
        raise Refused("NOT_IN_LOG", item.where)
    return result


def _check_note(item: Logged, root: bytes, *, anchors: Anchors) -> bool:
    """Return whether the log's key is anchored. Raises: Refused unless the log signed this root and size."""
    note = _proof_parts(item.proof)[2]
    if note not in anchors.notes:
        anchors.notes[note] = _open_note(note, anchors)
    size, signed_root, anchored = anchors.notes[note]
    if (size, signed_root) != (item.size, root):
        raise Refused("BAD_CHECKPOINT", item.where)
    return anchored


def _open_note(note: str, anchors: Anchors) -> tuple[int, bytes, bool]:
    text, blank, tail = note.rpartition("\n\n")
    text += "\n"
    lines = text.split("\n")
    rows = [re.fullmatch(r"— ([^\s+]+) ([A-Za-z0-9+/=]+)", row) for row in tail[:-1].split("\n")]
    if not blank or not tail.endswith("\n") or len(rows) > MAX_SIGNATURES or None in rows or len(lines) < 4:
        raise Refused("BAD_CHECKPOINT", "format")
    found = []
    for row in (row for row in rows if row is not None):
        data = _base64(row[2])
        key = anchors.logs.get((row[1], data[:4])) if row[1] == lines[0] else None
        if key is None:
            continue
        if not verify_ed25519(key.public, data[4:], message=text.encode("utf-8")):
            raise Refused("BAD_CHECKPOINT", "signature")
        found.append(key)
    if not found:
        raise Refused("BAD_CHECKPOINT", "unknown log")
    return int(lines[1]), _base64(lines[2]), found[0].anchored


def _check_logged(item: Logged, anchors: Anchors) -> Key:
    """Check signature, leaf, inclusion and checkpoint of a statement other than the certificate's own."""
    item.signer = _check_signature(item, anchors)
    _check_note(item, _check_inclusion(item, _leaf_hash(item)), anchors=anchors)
    return item.signer


# ---- steps 7 to 10 --------------------------------------------------------------------------------------------------


def _check_authority(main: Logged, others: list[Logged]) -> None:
    """Refuse what the order of the log or the claimed dates contradict; the rest of step 7 waits for witnesses."""
    performed, issued = str(main.value.get("performed_on")), str(main.value.get("issued_at"))[:10]
    signer = main.signer
    if signer is not None and (signer.index >= main.index or not signer.since <= issued <= signer.until):
        raise Refused("KEY_NOT_VALID_AT_T", "key of the issuer")
    authz, evidence = main.value.get("authz"), main.value.get("evidence")
    if not isinstance(authz, dict) or not isinstance(evidence, list) or not evidence:
        raise Refused("KEY_NOT_VALID_AT_T", "no authority or no evidence named")
    by_index = {other.index: other for other in others}
    for name, kind in [*CITED.items(), ("evidence", "measurement.committed")]:
        cited = evidence if name == "evidence" else authz.get(name)
        for index in cited if isinstance(cited, list) else [cited]:
            if not isinstance(index, int) or not 0 <= index < main.index:
                raise Refused("KEY_NOT_VALID_AT_T", name)
            other = by_index.get(index)
            if other is None or (name == "evidence" and other.value["type"] == kind):
                continue
            since, until = str(other.value.get("valid_from")), str(other.value.get("valid_until"))
            if other.value["type"] != kind or not since <= performed <= until:
                raise Refused("KEY_NOT_VALID_AT_T", name)


def _check_status(
    status: tuple[bytes, Logged] | None, main: Logged, *, anchors: Anchors, report: dict[str, Any]
) -> None:
    report["status"] = "unknown"
    if status is None:
        return _step(report, "unknown", code="STATUS_UNKNOWN")
    data, published = status
    signer = _check_logged(published, anchors)
    # Only the log's own key, or one named for it, speaks about status; another body's key does not.
    right = signer.usage == "status" or signer.public in {key.public for key in anchors.logs.values()}
    if published.value["type"] != "status.published" or not right:
        raise Refused("BAD_SIGNATURE", published.where)
    if published.value.get("sha256") != hashlib.sha256(data).hexdigest():
        raise Refused("FILE_MISMATCH", "status list")
    report["status_as_of"] = as_of = str(published.value.get("as_of"))
    if published.index <= main.index:
        return _step(report, "unknown", code="STATUS_UNKNOWN", detail=f"as of {as_of}")
    codes = [row[1] for row in _parse(data, MAX_BUNDLE) if isinstance(row, list) and row[:1] == [main.index]]
    if codes:
        report["status"] = str(codes[-1])
        raise Refused(report["status"].upper() if report["status"].upper() in TEXTS else "REVOKED", f"as of {as_of}")
    report["status"] = "good"
    return _step(report, "pass", detail=f"as of {as_of}")


def _check_validity(value: dict[str, Any], today: date, *, report: dict[str, Any]) -> None:
    until = value.get("valid_until")
    if until is None:
        report["validity"] = "none"
        return _step(report, "pass", detail="no period of validity")
    if not isinstance(until, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", until):
        raise Refused("BAD_FORMAT", "valid_until")
    report["validity"] = "expired" if until < today.isoformat() else "in_date"
    if report["validity"] == "expired":
        return _step(report, "unknown", code="EXPIRED", detail=until)
    return _step(report, "pass", detail=f"until {until}")


# ---- report ---------------------------------------------------------------------------------------------------------


def _step(report: dict[str, Any], outcome: str, *, code: str = "", detail: str = "") -> None:
    number = len(report["steps"])
    zh, en = STEPS[min(number, len(STEPS) - 1)]
    row = {"step": number + 1, "zh": zh, "en": en, "outcome": outcome, "code": code, "detail": detail}
    report["steps"].append(row)


def _summary(value: dict[str, Any]) -> dict[str, Any]:
    names = ("cert_no", "kind", "issuer", "result", "performed_on", "valid_until", "issued_at", "instrument")
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
    certificate, shown = report["certificate"], report["code"] in EXITS
    if shown and report["result"] == "fail":
        lines.append(("结论：不合格", "Conclusion: does not conform")[language])
    if shown and report["result"] == "pass":
        until = certificate.get("valid_until")
        lines.append((f"结论：合格，有效期至 {until}", f"Conclusion: conforms, valid until {until}")[language])
    if shown and report["code"] != "KEY_NOT_ANCHORED" and not report["anchored"]:
        lines.append(TEXTS["KEY_NOT_ANCHORED"][language])
    if shown and report["validity"] == "expired" and report["code"] != "EXPIRED":
        lines.append(("有效期已过", "The period of validity has ended")[language])
    for step in report["steps"]:
        words = TEXTS[step["code"]][language] if step["code"] else ""
        parts = [part for part in (words, step["detail"]) if part]
        name = step["zh"] if language == 0 else step["en"]
        lines.append(f"{marks[step['outcome']]} {step['step']} {name}" + (f": {'; '.join(parts)}" if parts else ""))
    return lines


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
