"""Embedded Reber strings, each from zero state: which letter comes next?"""

from core.families.family import Answers, Family, Published

FAMILY = Family(
    name="embedded",
    title="Single Reber strings",
    job="core.training.grammars:EMBEDDED",
    examples=(("One string", "BTBTXSETE"),),
    answers=Answers("may follow", "comes next with a probability of {percent}"),
    told_seeds="kept letter",
    published=(
        Published(
            "Hochreiter & Schmidhuber 1997, experiment 1, table 1",
            "an LSTM of three blocks of two cells learns it in 30 of 30 trials, after 8,440 strings on average; Elman’s networks in none, real-time recurrent learning "
            "in “some fraction”",
            "LSTM without forget gate, 256 training strings, one string per update; ours is given new strings all the time, uses full gradients and Adam, and then the RNN "
            "learns the task too: the paper itself calls the task’s shortest time lags a border case",
        ),
    ),
)
