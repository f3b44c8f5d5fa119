"""What pages say of a network that a visitor trained on the page *Train*: its task's own family, where there is one that is typed.

Such a network is called `own-TASK-DIGEST`, as a family of one model: `FAMILIES` finds the record by that name and lists none.
"""

from dataclasses import replace

from core.families import brackets, copying, counting, mini
from core.families.family import Answers, Entry, Family

PREFIX = "own-"


def _own(family: Family, title: str, hint: str = "") -> Family:
    entry = family.entry or Entry("Your text", hint)
    return replace(family, name=PREFIX + family.name, title=f"Yours: {title}", entry=entry)


OWN = {  # by the task's name in assets/train/tasks
    "words": _own(mini.FAMILY, "ten words"),
    "parity": Family(
        name=f"{PREFIX}parity",
        title="Yours: parity",
        job="",
        examples=(("Sixteen bits", "0110100010111001"), ("A single one", "0000100000"), ("Ones only", "11111111")),
        entry=Entry("Your bits", "0 1"),
    ),
    "copying": _own(copying.FAMILY, "copying", "a b c d · >"),
    "order": Family(
        name=f"{PREFIX}order",
        title="Yours: temporal order",
        job="",
        examples=(("X, then Y", "EbcaXdabccadbacYbdacdabcdbacdB"), ("Y, then X", "EbcaYdabccadbacXbdacdabcdbacdB")),
        entry=Entry("Your letters", "E a b c d X Y B"),
        answers=Answers("order of the signs", "is the answer with a probability of {percent}"),
    ),
    "brackets": _own(brackets.FAMILY, "brackets"),
    "counting": _own(counting.FAMILY, "aⁿbⁿ", "a b"),
}


def is_own(name: str) -> bool:
    """Whether a model's or a family's name, as a link may say it, is that of somebody's own network."""
    return name.startswith(PREFIX)


def of(name: str) -> Family:
    """The record of a network's family, named `own-TASK-DIGEST`. KeyError for any other name."""
    prefix, task, _ = name.split("-", 2) if name.count("-") >= 2 else ("", "", "")
    if f"{prefix}-" != PREFIX or task not in OWN:
        raise KeyError(name)
    return OWN[task]
