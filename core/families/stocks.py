"""Share prices: what comes the day after?"""

from core.families.family import Family

FAMILY = Family(
    name="stocks",
    title="Share prices",
    job="core.applications.stocks.train:JOB",
    reads=("core.applications.stocks.named:NamedShares", "core.models.text:Vocabulary"),
    layer="core.applications.stocks.view:layer",
)
