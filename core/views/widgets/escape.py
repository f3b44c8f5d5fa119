"""Typed text inside Markdown."""

MARKS = frozenset("\\`*_{}[]()#+-.!|<>~$:&@")


def literal(text: str) -> str:
    """`text` such that Markdown shows it as it is: no markup, no HTML, no formula, no icon."""
    return "".join("\\" + ch if ch in MARKS else ch for ch in text)
