"""The shipped recordings as texts, by which lessons hold them: "recording 7"."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from core.applications.speech.data import CLIPS, EXAMPLES
from core.applications.speech.model import SpeechModel, Utterance, utterance
from core.applications.speech.recording import decode
from core.cells import Edit
from core.models import Reading
from core.models.intact import intact

PREFIX = "recording "


@cache
def shipped(clip: str) -> Utterance:
    """The utterance of a recording. KeyError for one that is not shipped."""
    if clip not in CLIPS:
        raise KeyError(f"clip: got {clip!r}, wanted one of {', '.join(CLIPS)}")
    with intact(EXAMPLES / f"{clip}.wav"):
        samples, _ = decode((EXAMPLES / f"{clip}.wav").read_bytes())
        return utterance(samples)


class NamedSpeech(SpeechModel):
    """A recogniser that also reads a shipped recording by its name."""

    def run(self, text: str, edits: Sequence[Edit] = ()) -> Reading:
        """ValueError for a text that names no shipped recording."""
        if (clip := text.removeprefix(PREFIX)) not in CLIPS or not text.startswith(PREFIX):
            raise ValueError(f"text: got {text[:40]!r}, wanted “{PREFIX}” and one of {', '.join(CLIPS)}")
        return replace(self.hear(shipped(clip).samples, edits), text=text)
