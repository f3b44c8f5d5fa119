"""Ten words: is the last opinion positive? Networks so small that every weight fits on the screen."""

from core.families.family import Corpus, Entry, Family
from core.families.sentiment import WORDS

FAMILY = Family(
    name="mini",
    title="Ten words",
    job="core.training.mini:JOB",
    examples=(
        ("Keep or overwrite", "good the film was the film was bad"),
        ("Without not", "the film was good"),
        ("With not", "the film was not good"),
        ("Not, far away", "not the film was but the film was very bad"),
        ("Changing one's mind", "the film was dull but the film was great"),
    ),
    entry=Entry("Your text, of ten words", "Type some of the ten words", everywhere=True, words="ten words"),
    corpus=Corpus(
        made="core.tasks.mini:corpus",
        source="made by rule from the ten words (seed {seed})",
        properties=WORDS,
        choice="not but very",
    ),
    what_if={"but": "the film was good but the film was"},
)
