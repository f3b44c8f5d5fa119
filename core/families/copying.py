"""Four letters, then blanks: which letters were they?"""

from core.families.family import Answers, Family

FAMILY = Family(
    name="copying",
    title="Copying",
    job="core.training.plans:COPYING",
    examples=(("Three blanks", "caba···>>>>"),),
    answers=Answers("letter to give", "should be given now, with a probability of {percent}"),
)
