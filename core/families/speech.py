"""Sound: which digit is said?"""

from core.families.family import Family

FAMILY = Family(
    name="speech",
    title="Spoken digits",
    job="core.applications.speech.train_cards:JOB",
    reads=("core.applications.speech.named:NamedSpeech", "core.models.text:Vocabulary"),
    layer="core.applications.speech.view:layer",
)
