"""Phonemes: what do they sound like?"""

from core.families.family import Family

FAMILY = Family(
    name="synthesis",
    title="Text to sound",
    job="core.applications.synthesis.train:JOB",
    reads=("core.applications.synthesis.model:Speaker", "core.models.text:Vocabulary"),
    layer="core.applications.synthesis.view:layer",
)
