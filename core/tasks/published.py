"""What the literature reports on the tasks made in code, and where its setting is not ours."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Published:
    """A figure, its source, and what differs from our run: never compare the two without it. task: as on the cards."""

    task: str
    source: str
    figure: str
    differs: str


PUBLISHED = (
    Published(
        "adding",
        "Hochreiter & Schmidhuber 1997, experiment 4, table 7",
        "T = 100: after 74,000 sequences an LSTM errs by more than 0.04 on 1 of 2,560",
        "LSTM without forget gate, two blocks of two cells; lengths 100 to 110, both marks in the first half; target scaled to 0–1; one sequence an update",
    ),
    Published(
        "brackets",
        "Suzgun and others 2019, LSTM Networks Can Perform Dynamic Counting",
        "one LSTM unit is enough for one kind of brackets; for two kinds none of their networks did well",
        "depth not bounded at four, and the smallest networks; with a bound of four there are only 31 stacks to tell apart",
    ),
    Published(
        "counting",
        "Weiss, Goldberg & Yahav 2018",
        "LSTM of 10 units, trained on n up to 100: right to n = 256; GRU: no such counter, breaks down soon after the trained lengths",
        "the whole string is accepted or refused; ours says after each symbol what may follow, and is trained on n up to 50",
    ),
    Published(
        "counting",
        "Gers & Schmidhuber 2001",
        "LSTM with peepholes, trained on n up to 10: the best is right to n = 1,000",
        "peepholes, which ours has not; one symbol an update, many more strings",
    ),
    Published(
        "embedded",
        "Hochreiter & Schmidhuber 1997, experiment 1, table 1",
        "an LSTM of three blocks of two cells learns it in 30 of 30 trials, after 8,440 strings on average; Elman’s networks in none, real-time recurrent learning "
        "in “some fraction”",
        "LSTM without forget gate, 256 training strings, one string an update; ours never sees a string set twice, has full gradients and Adam, and then the RNN "
        "learns it too: the paper calls the task’s shortest lags a border case",
    ),
    Published(
        "reber",
        "Gers, Schmidhuber & Cummins 2000",
        "the LSTM of 1997 does not learn the endless stream, with a forget gate it is learned",
        "truncated gradients, one letter an update on one endless stream, four blocks of two cells; ours sees pieces of 200 letters from zero state "
        "on, with full gradients and Adam, and then learns without a forget gate on most seeds, though the state grows all the while",
    ),
)


def published(task: str) -> tuple[Published, ...]:
    """What is reported on a task."""
    return tuple(found for found in PUBLISHED if found.task == task)
