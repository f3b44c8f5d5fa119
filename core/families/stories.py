"""Stories of some sentences, the question before or behind them: what is the answer?"""

from dataclasses import replace

from core.families.family import Family

FIRST = Family(
    name="stories-first",
    title="Stories, question first",
    job="core.applications.stories.train:FIRST",
    reads=("core.models.catalogue:Model", "core.applications.stories.sentences:Sentences"),
)
LAST = replace(FIRST, name="stories-last", title="Stories, question last", job="core.applications.stories.train:LAST")
