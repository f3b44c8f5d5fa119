"""aⁿbⁿ: what may follow?"""

from core.families.family import Answers, Family, Published, Strings

FAMILY = Family(
    name="counting",
    title="aⁿbⁿ",
    job="core.training.plans:COUNTING",
    examples=(("Eight", "aaaaaaaabbbbbbbb"),),
    answers=Answers("may follow", "comes next with a probability of {percent}"),
    strings=Strings(
        about="First n times a, then n times b. After each symbol, say what may follow: from the first b on only b, until as many have come as there were a; then the end.",
        numbered="core.tasks.counting:numbered",
        numbers=(1, 1000, 100),
        follows="how many a have been read more than b",
        followed="core.tasks.counting:followed",
    ),
    told_seeds="n = 1–50",
    told_budget="Learning rate and keeping bias were chosen by how far LSTMs of two other seeds counted; the others were given the same, which may suit the LSTM best. "
    "Right up to 0: already n = 1 is wrong, though other n may be right.",
    published=(
        Published(
            "Weiss, Goldberg & Yahav 2018",
            "LSTM of 10 units, trained on n up to 100: right to n = 256; GRU: no such counter, breaks down soon after the trained lengths",
            "the whole string is accepted or refused; ours says after each symbol what may follow, and is trained on n up to 50",
        ),
        Published(
            "Gers & Schmidhuber 2001",
            "LSTM with peepholes, trained on n up to 10: the best is right to n = 1,000",
            "peepholes, which ours has not; one symbol an update, many more strings",
        ),
    ),
)
