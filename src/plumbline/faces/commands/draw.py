"""`plumbline draw check|nonce`: do a finished draw again off line; make a nonce to seal. Needs no Django."""

from __future__ import annotations

from pathlib import Path

from plumbline.errors import InputError, say
from plumbline.evidence.draw import record
from plumbline.evidence.draw.ceremony import commitment, new_nonce
from plumbline.evidence.draw.manifest import MOST_BYTES, require_ids
from plumbline.faces.commands.terminal import tell

USAGE = say("用法：./plumbline draw check 文件，或 ./plumbline draw nonce 参与方")
HELP = frozenset({"-h", "--help"})


def run(arguments: list[str]) -> int:
    """Run the verb: 0 where the draw is right. Raises: ProofError where it is not; InputError for wrong arguments."""
    if HELP & set(arguments):
        tell(USAGE)
        return 0
    if len(arguments) != 2 or arguments[0] not in {"check", "nonce"}:
        raise InputError(say("要写明核对哪个文件，或替哪一方取随机数"), remedy=USAGE)
    return _check(arguments[1]) if arguments[0] == "check" else _nonce(arguments[1])


def _check(name: str) -> int:
    done = record.check(_content(Path(name)))
    tell(say("抽签 {id} 属实：名单、随机数和结果相符，已全部重算", id=done.manifest.draw_id))
    tell(say("名单的 SHA-256 {sha256}，应当早于随机数写进公开日志", sha256=done.manifest.sha256.hex()))
    if done.replaces:
        tell(say("它代替作废的 {id}", id=done.replaces))
    for stratum in done.drawn:
        for unit in stratum.selected:
            team = stratum.teams.get(unit, ())
            words = say("{unit}：{people}", unit=unit, people="、".join(team or ()) or "-")
            tell(words if team is not None else say("{unit}：人手不够，要重新冻结名单", unit=unit))
    return 0


def _content(path: Path) -> bytes:
    """Return the bytes of a file, one more than a draw may have at most. Raises: InputError."""
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as err:
        raise InputError(
            say("读不到文件 {name}", name=str(path)), remedy=say("核对路径、文件名和读的权限"), field="file"
        ) from err


def _nonce(party: str) -> int:
    """Print a nonce to keep and the seal to hand in first."""
    require_ids((party,), where=say("参与方"))
    nonce = new_nonce()
    tell(say("先交封存值：{commitment}", commitment=commitment(party, nonce)))
    tell(say("保管好随机数，各方都封存以后再公开：{nonce}", nonce=nonce.hex()))
    return 0
