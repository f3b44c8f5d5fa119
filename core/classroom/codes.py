"""Codes that a class types, keys that only the teacher has, and how both are compared."""

import hashlib
import hmac
import re
import secrets

ALPHABET = "BCDFGHJKMNPQRSTVWXZ"  # no vowels, so no words; no I, L or O, no digits: nothing to mistake on a projector
LENGTH = 6
CODES = len(ALPHABET) ** LENGTH  # 47 million
_CODE = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new_code() -> str:
    """A room's code, by chance."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def new_key() -> str:
    """A teacher's key: 128 bits by chance, as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def code_of(typed: str) -> str | None:
    """The code that someone typed, in capitals; None for what no code can be."""
    return code if typed.isascii() and _CODE.fullmatch(code := typed[: 2 * LENGTH].upper()) else None


def digest(secret: str) -> bytes:
    """What is kept of a key or a voter's id. A key of 128 bits needs no salt and no slow hash: nobody can try them all."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def same(kept: bytes, secret: str) -> bool:
    """Whether `secret` is the key whose digest is kept, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(kept, digest(secret))
