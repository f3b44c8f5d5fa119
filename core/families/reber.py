"""Embedded Reber strings without end: which letter comes next?"""

from core.families.family import Answers, Family, Published, Strings

FAMILY = Family(
    name="reber",
    title="Reber strings",
    job="core.training.grammars:REBER",
    examples=(("Two strings", "BTBTXSETEBPBPVVEPE"),),
    answers=Answers("may follow", "comes next with a probability of {percent}"),
    strings=Strings(
        about="B, then T or P, then a path through a small grammar, then the same T or P again, then E. One string follows another, and nothing marks where one ends. "
        "The [[forget gate]] was invented for this task (Gers, Schmidhuber & Cummins 2000).",
        numbered="core.tasks.reber:numbered",
        numbers=(0, 9_999, 1),
        follows="whether a T or a P must be kept",
        followed="core.tasks.reber:followed",
    ),
    told_seeds="strings 91–100",
    published=(
        Published(
            "Gers, Schmidhuber & Cummins 2000",
            "the LSTM of 1997 does not learn the endless stream; with a forget gate it does",
            "truncated gradients, one letter per update on one endless stream, four blocks of two cells; ours reads pieces of 200 letters, each from a zero state, "
            "with full gradients and Adam. It then learns the task without a forget gate with most seeds, although the state keeps growing",
        ),
    ),
)
