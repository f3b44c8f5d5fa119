"""Reviews to pick from, written by us. Title, text."""

REVIEWS = (
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
MINI = (
    ("Keep or overwrite", "good the film was the film was bad"),
    ("Without not", "the film was good"),
    ("With not", "the film was not good"),
    ("Not, far away", "not the film was but the film was very bad"),
    ("Changing one's mind", "the film was dull but the film was great"),
)
AUSTEN = (  # the first is how one of the novels begins, which was trained on; the others are ours, in her manner
    ("A famous beginning, trained on", "It is a truth universally acknowledged, that a single man in possession of a good fort"),
    ("Speech begins", 'Elizabeth was silent for a moment. "You are mist'),
    ("A name", "Mr. Darc"),
    ("A long word", "She was astonished at the improb"),
    ("The letter u", "It was beyond all q"),
)
BRACKETS = (
    ("Nested", "([[]()])[]"),
    ("Four deep", "([([])])"),
    ("Still open", "[(()[]["),
    ("Long open", "[()()()()()()()()()()()()()()()]"),
)
EXAMPLES = {
    "sentiment": REVIEWS,
    "mini": MINI,
    "austen": AUSTEN,
    "brackets": BRACKETS,
    "adding": (("A short row", "0.5* 0.1 -0.2 0.9 -0.3* 0.4"),),
    "copying": (("Three blanks", "caba···>>>>"),),
    "counting": (("Eight", "aaaaaaaabbbbbbbb"),),
    "embedded": (("One string", "BTBTXSETE"),),
    "reber": (("Two strings", "BTBTXSETEBPBPVVEPE"),),
}
