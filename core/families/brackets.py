"""Two kinds of brackets: which may be closed next?"""

from core.families.family import CHARACTERS, Answers, Corpus, Entry, Family, Published, Strings

FAMILY = Family(
    name="brackets",
    title="Brackets",
    job="core.training.plans:BRACKETS",
    examples=(
        ("Nested", "([[]()])[]"),
        ("Four deep", "([([])])"),
        ("Still open", "[(()[]["),
        ("Long open", "[()()()()()()()()()()()()()()()]"),
    ),
    entry=Entry("Your brackets", "( [ ) ]"),
    answers=Answers("may be closed", "is the bracket to close, with a probability of {percent}"),
    corpus=Corpus(
        made="core.tasks.brackets:corpus",
        source="of 40 brackets, made by rule (seed {seed})",
        properties={
            "depth": ("how many brackets are open", "the depth after this bracket, 0 to 4"),
            "round": (
                "a round bracket is to be closed",
                "1 while the innermost open bracket is a round one, 0 while it is square; left out where none is open",
            ),
            "position": ("position", "how many brackets have been read"),
            "words": CHARACTERS,
        },
        choice="(",
    ),
    strings=Strings(
        about="Two kinds of brackets, at most four deep. After each, say which bracket may be closed next: all that is open must be remembered, in order.",
        numbered="core.tasks.brackets:numbered",
        numbers=(0, 9_999, 1),
        follows="how many brackets are open",
        followed="core.tasks.brackets:followed",
    ),
    told_seeds="whole strings, length 400",
    published=(
        Published(
            "Suzgun and others 2019, LSTM Networks Can Perform Dynamic Counting",
            "one LSTM unit is enough for one kind of brackets; for two kinds none of their networks did well",
            "depth not bounded at four, and the smallest networks; with a bound of four there are only 31 stacks to tell apart",
        ),
    ),
)
