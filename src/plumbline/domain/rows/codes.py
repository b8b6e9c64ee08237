"""Public codes: look-up codes that tell nothing, and the instrument identity printed for life.

Source of the check character: ISO/IEC 7064:2003, MOD 37,36 (hybrid system).
"""

from __future__ import annotations

import secrets

from plumbline.errors import InputError, say

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
IDENTITY_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V"})
LOOKUP_LENGTH = 26
IDENTITY_BODY = 10


def new_lookup_code() -> str:
    """Return 26 base-32 characters, 130 random bits: nothing about the object can be read from them."""
    return _random_characters(LOOKUP_LENGTH)


def is_lookup_code(text: str) -> bool:
    """Tell whether a text could be a look-up code, as it is kept: in capitals."""
    return len(text) == LOOKUP_LENGTH and set(text) <= set(_CROCKFORD)


def new_identity() -> str:
    """Return a new instrument identity such as PL-4K7M-2X9Q-8H-T."""
    body = _random_characters(IDENTITY_BODY)
    return _print_identity(body + check_character(body))


def identity_of(number: int) -> str:
    """Return the identity whose body is a number of 50 bits, in the order of numbers, for whoever makes many."""
    body = "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(IDENTITY_BODY)))
    return _print_identity(body + check_character(body))


def check_character(text: str) -> str:
    """Return the check character of `text` (digits and capital letters) by ISO/IEC 7064 MOD 37,36."""
    product = 36
    for character in text:
        total = (product + IDENTITY_SIGNS.index(character)) % 36 or 36
        product = total * 2 % 37
    return IDENTITY_SIGNS[(37 - product) % 36]


def read_identity(text: str) -> str:
    """Return the printed form of an identity as somebody typed it: spaces, case and missing hyphens do not matter.

    Raises: InputError if length, characters or the check character are wrong.
    """
    typed = "".join(character for character in text.upper() if character.isalnum())
    # Only a whole code has the prefix to lose: without it, a body that begins with P1 may be typed as PL.
    bare = typed.removeprefix("PL") if len(typed) > IDENTITY_BODY + 1 else typed
    body, check = bare[:IDENTITY_BODY].translate(_READ_AS), bare[IDENTITY_BODY:]
    if len(bare) != IDENTITY_BODY + 1 or not set(body) <= set(_CROCKFORD) or check_character(body) != check:
        raise InputError(
            say("器具码 {code} 有误", code=text),
            remedy=say("器具码形如 PL-4K7M-2X9Q-8H-T，末位是校验码；对照器具上的标签再输一次"),
            field="identity",
        )
    return _print_identity(body + check)


def _random_characters(count: int) -> str:
    bits = secrets.randbits(5 * count)
    return "".join(_CROCKFORD[bits >> 5 * place & 31] for place in range(count))


def _print_identity(bare: str) -> str:
    return f"PL-{bare[:4]}-{bare[4:8]}-{bare[8:10]}-{bare[10:]}"
