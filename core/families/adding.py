"""A sequence of numbers, two of them marked: what is their sum?"""

from core.families.family import Family, Published

FAMILY = Family(
    name="adding",
    title="Adding",
    job="core.training.plans:ADDING",
    examples=(("A short sequence", "0.5* 0.1 -0.2 0.9 -0.3* 0.4"),),
    published=(
        Published(
            "Hochreiter & Schmidhuber 1997, experiment 4, table 7",
            "T = 100: after 74,000 sequences an LSTM is wrong by more than 0.04 in 1 of 2,560 sequences",
            "LSTM without forget gate, two blocks of two cells; lengths 100 to 110, both marks in the first half; target scaled to 0–1; one sequence per update",
        ),
    ),
)
