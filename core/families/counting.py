"""aⁿbⁿ: what may follow?"""

from core.families.family import Answers, Family, Published, Strings

FAMILY = Family(
    name="counting",
    title="aⁿbⁿ",
    job="core.training.plans:COUNTING",
    examples=(("Eight", "aaaaaaaabbbbbbbb"),),
    answers=Answers("may follow", "comes next with a probability of {percent}"),
    strings=Strings(
        about="First n letters a, then n letters b. After each symbol the network predicts what may follow: after the first b only b, until there are as many b as a; then the end.",
        numbered="core.tasks.counting:numbered",
        numbers=(1, 1000, 100),
        follows="how many more a than b have been read",
        followed="core.tasks.counting:followed",
    ),
    told_seeds="n = 1–50",
    told_budget="The learning rate and the bias for keeping were chosen by how far LSTMs of two other seeds counted; RNN and GRU were given the same values, which may favour the LSTM. "
    "“Right up to 0” means that n = 1 is already wrong, although other n may be right.",
    published=(
        Published(
            "Weiss, Goldberg & Yahav 2018",
            "LSTM of 10 units, trained on n up to 100: right to n = 256; GRU: no such counter, fails soon after the trained lengths",
            "there the whole string is accepted or rejected; ours predicts after each symbol what may follow, and is trained on n up to 50",
        ),
        Published(
            "Gers & Schmidhuber 2001",
            "LSTM with peepholes, trained on n up to 10: the best is right to n = 1,000",
            "peepholes, which ours does not have; one symbol per update, and many more strings",
        ),
    ),
)
