"""The record of a family of models: what pages say of it, and where its code is.

It is plain data below all other packages. Code is named, "module:name", and looked up when it is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Text = tuple[list[str], Mapping[str, Sequence[float]]]  # of a corpus: its tokens, and each property's value at every token
CHARACTERS = ("characters of your choice", "1 at these characters, 0 at all others; ␣ is the space")  # a property of a corpus of characters


@dataclass(frozen=True)
class Entry:
    """The field in which its texts are typed. everywhere: on every page that has one, else on those only that ask for the family.

    words: what its few words are called, if they stand below the field to be clicked.
    """

    label: str
    hint: str
    everywhere: bool = False
    words: str = ""


@dataclass(frozen=True)
class Answers:
    """The panel of what its models answer, if there are several answers: its title, and what one probability means."""

    title: str = "answer"
    meaning: str = "the model gives this {percent}"


@dataclass(frozen=True)
class Corpus:
    """The texts on which *Find a unit* ranks units.

    made: the function (rng, count) -> Texts. source: what they are, {seed} the generator's. properties: what a unit may follow, by its name in
    links: title and meaning; "words" is the reader's choice of tokens, which begins with `choice`.
    """

    made: str
    source: str
    properties: Mapping[str, tuple[str, str]]
    choice: str


@dataclass(frozen=True)
class Strings:
    """The strings on *Counting and forgetting*.

    numbered: the function number -> string. numbers: the least, the most and the first number. follows: what a unit may follow; followed: the
    function rng -> ids (B, T) and that, (B, T), NaN where nothing is asked.
    """

    about: str
    numbered: str
    numbers: tuple[int, int, int]
    follows: str
    followed: str


@dataclass(frozen=True)
class Published:
    """A figure of the literature, its source, and what differs from our run: never compare the two without it."""

    source: str
    figure: str
    differs: str


@dataclass(frozen=True)
class Family:
    """The models NAME-rnn, NAME-lstm, NAME-gru and their variants, trained on one task.

    job: its `core.training.job.Job`. examples: title and text. reads: the class of its models and that of their vocabulary, if it is none of
    `core.models.catalogue.READS`. told_seeds: the figure that is told of each seed tried; told_budget: what else is told of its training.
    what_if: a lesson's text on *What if*, where the first example has nothing for it. layer: the function that makes of a reading what a stepper
    shows, where that is not `Layer.of`.
    """

    name: str
    title: str
    job: str
    examples: tuple[tuple[str, str], ...] = ()
    reads: tuple[str, ...] = ()
    entry: Entry | None = None
    answers: Answers = Answers()
    corpus: Corpus | None = None
    strings: Strings | None = None
    told_seeds: str = ""
    told_budget: str = ""
    published: tuple[Published, ...] = ()
    what_if: Mapping[str, str] = field(default_factory=dict)
    layer: str = ""

    @property
    def application(self) -> bool:
        """Whether it has a folder under core/applications."""
        return self.job.startswith("core.applications.")
