"""Jane Austen's novels: which character comes next?"""

from core.families.family import CHARACTERS, Answers, Corpus, Entry, Family

FAMILY = Family(
    name="austen",
    title="Jane Austen",
    job="core.training.characters:JOB",
    examples=(  # the first is how one of the novels begins, seen in training; the others are ours, in her style
        ("A famous beginning (seen in training)", "It is a truth universally acknowledged, that a single man in possession of a good fort"),
        ("A speech begins", 'Elizabeth was silent for a moment. "You are mist'),
        ("A name", "Mr. Darc"),
        ("A long word", "She was astonished at the improb"),
        ("The letter u", "It was beyond all q"),
    ),
    entry=Entry("Your text, character by character", "Begin a sentence"),
    answers=Answers("next character", "comes next with a probability of {percent}"),
    corpus=Corpus(
        made="core.tasks.austen:corpus",
        source="from the ends of Jane Austen’s novels, which were not used in training",
        properties={
            "quotes": ("inside quotation marks", "1 from an opening mark to before the closing one, 0 elsewhere"),
            "start": ("start of a word", "1 at a letter after anything but a letter or an apostrophe"),
            "inword": ("letters of this word so far", "the number of letters of the current word that have been read, 0 between words"),
            "position": ("position", "the number of characters that have been read"),
            "words": CHARACTERS,
        },
        choice="a e i o u",
    ),
)
