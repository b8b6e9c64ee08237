"""The floor of bench/check.py: the same steps on the same bundle with the Ed25519 of `cryptography`, once a line.

Runs in an environment of its own: BUNDLE TRUST. It knows the shape of a bundle and trusts it: no limits, no refusals in
words, nothing for a stranger's file. What it proves is proven the same way; it is no checker to rely on.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from pathlib import Path
from typing import Any  # the bundle is JSON

from bench.peers.answering import answer, seconds
from cryptography import __version__
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

KIND = "application/vnd.nqi.statement+json"


def main(arguments: list[str]) -> None:
    """Say what we are, then check once for each line."""
    bundle, trust = (Path(name).read_bytes() for name in arguments)
    signatures = check(bundle, trust)
    about = f"cryptography {__version__}, the same steps without a stranger's limits, {signatures} signatures"
    answer(about, lambda _line: seconds(lambda: check(bundle, trust)))


def check(data: bytes, trust: bytes) -> int:
    """Check files, signatures, leaves, inclusions and checkpoints; return how many signatures that were."""
    bundle, given = json.loads(data), json.loads(trust)
    keys = {each["id"]: base64.b64decode(each["public"]) for each in given["keys"]}
    logs = {text.split("+")[0]: base64.b64decode(text.split("+", 2)[2])[1:] for text in given["logs"]}
    statements = [bundle, *bundle["keys"], *([bundle["status"]] if bundle["status"] else [])]
    payload = json.loads(base64.b64decode(bundle["statement"]["payload"]))
    for entry in payload["files"]:
        content = base64.b64decode(bundle["files"][entry["name"]])
        require(hashlib.sha256(content).hexdigest() == entry["sha256"] and len(content) == entry["bytes"])
    notes: set[str] = set()
    count = 0
    for each in statements:
        count += check_envelope(each["statement"], keys)
        notes.add(check_inclusion(each["statement"], each["proof"]))
    for note in notes:
        check_note(note, logs)
    return count + len(notes)


def check_envelope(envelope: dict[str, Any], keys: dict[str, bytes]) -> int:
    """Check the signatures of an envelope; return their number."""
    payload = base64.b64decode(envelope["payload"])
    message = b"DSSEv1 %d %s %d %s" % (len(KIND), KIND.encode(), len(payload), payload)
    for signature in envelope["signatures"]:
        public = Ed25519PublicKey.from_public_bytes(keys[signature["keyid"]])
        public.verify(base64.b64decode(signature["sig"]), message)
    return len(envelope["signatures"])


def check_inclusion(envelope: dict[str, Any], proof: str) -> str:
    """Check that the leaf stands under the root of the note; return the note."""
    payload = base64.b64decode(envelope["payload"])
    value = json.loads(payload)
    leaf = {"v": 1, "type": value["type"], "issuer": value["issuer"]}
    leaf["ref"] = value.get("supersedes" if value["type"] == "certificate.issued" else "ref")
    leaf["stmt"], leaf["env"] = (hashlib.sha256(part).hexdigest() for part in (payload, plain(envelope)))
    head, _, note = proof.partition("\n\n")
    lines = head.split("\n")
    index, size = int(lines[1].split(" ")[1]), int(note.split("\n")[1])
    node, last, result = index, size - 1, hashlib.sha256(b"\x00" + plain(leaf)).digest()
    for part in (base64.b64decode(line) for line in lines[2:]):
        if node & 1 or node == last:
            result = hashlib.sha256(b"\x01" + part + result).digest()
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            result = hashlib.sha256(b"\x01" + result + part).digest()
        node, last = node >> 1, last >> 1
    require(last == 0 and result == base64.b64decode(note.split("\n")[2]))
    return note


def check_note(note: str, logs: dict[str, bytes]) -> None:
    """Check the log's own signature of a checkpoint."""
    text, _, tail = note.rpartition("\n\n")
    _mark, name, signature = tail.rstrip("\n").split(" ")
    public = Ed25519PublicKey.from_public_bytes(logs[name])
    public.verify(base64.b64decode(signature)[4:], (text + "\n").encode())


def plain(value: dict[str, Any]) -> bytes:
    """Return canonical JSON of ASCII keys and whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def require(is_so: bool) -> None:  # noqa: FBT001  # a condition, as in an assertion
    """Refuse what does not hold."""
    if not is_so:
        raise ValueError("the bundle does not hold")


if __name__ == "__main__":
    main(sys.argv[1:])
