"""Film reviews: is one positive?"""

from core.families.family import Corpus, Entry, Family

WORDS = {  # what a unit may follow in words
    "sentiment": (
        "last opinion",
        "1 after a good opinion and 0 after a bad one, until the next; *not* before it turns it round; tokens before the first opinion are left out",
    ),
    "position": ("position", "how many tokens have been read"),
    "start": ("start of a sentence", "1 at the first token of a text and after a full stop"),
    "words": ("words of your choice", "1 at these words, 0 at all others"),
}
EXAMPLES = (  # written by us; the first is shown before anything is typed: the LSTM and the GRU read it right, the RNN does not
    ("Contrast and negation", "I expected to be bored, but I could not stop laughing."),
    ("Contrast", "I expected a dull film, and it was slow at first, but then it won me over and the ending is wonderful."),
    ("Contrast, the other way", "The first hour is beautiful and funny, but the ending is so lazy that it ruins everything."),
    ("Long and dull, then wonderful", "It was long and dull at first, and then wonderful."),
    ("Negation", "Not a bad film at all."),
    ("Negation at a distance", "I would not say that this was in any way a good film."),
    ("Double negation", "It is not that I did not like it."),
    ("Plain praise", "A warm, clever and moving story with a superb cast."),
    ("Plain blame", "A boring, badly written mess and a waste of two hours."),
    ("Sarcasm", "Oh great, another two hours of people staring at the rain. Just what the world was waiting for."),
    ("Faint praise", "It is fine if you have nothing better to do."),
    ("Comparison", "The book is brilliant; the film is anything but."),
    ("Unknown words", "Zorbleplex directs with flumdiggity, and I loved every snorf of it."),
    ("Almost nothing", "Hm."),
    (
        "A long review",
        "My sister chose this one, so I sat down without knowing anything about it. For twenty minutes I thought that she had made a mistake. "
        "The hero mumbles, the jokes fall flat, and the camera follows him through a grey town as if it were lost too. I nearly got up. Then "
        "an old woman opens a door, says one sentence, and the whole film turns around that sentence. Suddenly the mumbling made sense, the "
        "grey town had a history, and I cared about every person in it. The music, which had annoyed me, came back in the last scene and I "
        "am not ashamed to say that I cried. It is not perfect: the middle part with the lawyer is far too long, the son is played badly, and "
        "one plot line simply disappears. But I have not thought about a film this much in years. My sister did not like it at all, by the "
        "way. She said that it was slow and sad. She is right, and it is still the best thing that I have seen this year.",
    ),
)
FAMILY = Family(
    name="sentiment",
    title="Film reviews",
    job="core.applications.sentiment.train:JOB",
    examples=EXAMPLES,
    entry=Entry("Your text", "Type a film review", everywhere=True),
    what_if={"keep": "The music is dull, but the ending is good.", "but": "It was a dull film, but it lasts two hours."},
    corpus=Corpus(
        made="core.applications.sentiment.corpus:made",
        source="about films, made by rule from words of our own (seed {seed})",
        properties=WORDS,
        choice="not but very",
    ),
)
