"""The cards of the recognisers: a run with all voices and one without each, what is measured on sounds that no run saw, and baselines."""

from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

from core.applications.speech import data, insight
from core.applications.speech import model as sound
from core.applications.speech import train as training
from core.applications.speech import train_baselines as speech_baselines
from core.applications.speech import train_voices as voices
from core.applications.speech.data import Clip
from core.applications.speech.model import SpeechModel
from core.cells import of_kind
from core.cells.arrays import Array, Flags
from core.models.cards import FOLDER, Card, Measured
from core.models.catalogue import Model, build, read
from core.training import measure, network
from core.training.job import Job

UNHEARD, KNOWN, ANSWERED, REFUSED, PROMPTS = (
    "voice left out of training",
    "known voices",
    "left-out voice, not refused",
    "other words refused",
    "Debian prompts’ digits",
)
SEEN = "the validation recordings, and the voices theo, george and jackson left out, in runs mostly of the GRU; that the last 200 ms are averaged, on george, jackson and nicolas left out; yweweler was left out for the test only"
NO_DIGITS = 100  # noises of validation and of the test


def train(cell: str, folder: Path, seed: int = 0) -> Card:
    """Trains speech-CELL on all voices and five times without one; all six sets of weights go into one file."""
    tensors, losses = run(cell, folder, "", seed)
    for speaker in data.SPEAKERS:
        tensors |= {f"without.{speaker}.{name}": v for name, v in run(cell, folder, speaker, seed)[0].items()}
    return finish(cell, seed, tensors, losses, folder)


def run(cell: str, folder: Path, without: str, seed: int) -> tuple[dict[str, Array], list[tuple[int, float]]]:
    """One run, without a speaker or with all (""); of the recordings neither those of the test nor those of the validation."""
    recorded, made = learned(folder), voices.made(folder)
    none = [c for c in made if c.digit < 0] + training.noises(np.random.default_rng(seed + 1))
    sounds = training.Sounds.of([c for c in recorded if c.speaker != without], [c for c in made if c.digit >= 0], none)
    return training.fit(cell, sounds, seed, f"speech-{cell} {'without ' + without if without else 'all voices'}")


def learned(folder: Path) -> list[Clip]:
    """The recordings that are learned from."""
    return [c for c in data.recordings(folder) if c.index not in data.TEST and c.index not in data.VALIDATION]


def without(card: Card, speaker: str) -> SpeechModel:
    """The network of the run that never heard a speaker."""
    named = load_file(FOLDER / f"{card.name}.safetensors")
    start = f"without.{speaker}."
    return of_kind(SpeechModel, build(card, {name.removeprefix(start): v for name, v in named.items() if name.startswith(start)}))


def said(model: SpeechModel, clips: list[Clip]) -> Array:
    """The verdict on each clip, probabilities (N, 11); what is no utterance counts as surely none."""
    found = np.zeros((len(clips), len(sound.LABELS)))
    found[:, -1] = 1
    for k, clip in enumerate(clips):
        try:
            samples = sound.utterance(clip.samples).samples
        except sound.NotSpeech:
            continue
        found[k] = model.verdict(model.hear(samples).outputs)
    return found


def right(p: Array, clips: list[Clip]) -> Flags:
    """Whether the likeliest of the ten digits is the one that was said, (N,)."""
    return p[:, : sound.NONE].argmax(axis=1) == [clip.digit for clip in clips]


def no_digits(folder: Path, part: str) -> list[Clip]:
    """What is to be refused: the prompts' other words (those with a pause or short enough to be read), and noise."""
    clips = []
    for clip in data.prompts(folder)[part]:
        try:
            sound.utterance(clip.samples)
        except sound.NotSpeech:
            continue
        clips.append(clip)
    return clips + training.noises(np.random.default_rng({"validation": 99, "test": 100}[part]), NO_DIGITS)


def threshold(digits: Array, others: Array) -> float:
    """The probability from which on a digit is said: as many digits of a voice unheard are refused as other sounds are taken for digits, of 1 to 99 %."""
    places = np.arange(1, 100) / 100
    missed, taken = (digits[:, None] < places).mean(axis=0), (others[:, None] >= places).mean(axis=0)
    return float(places[np.abs(missed - taken).argmin()])


def measured(card: Card, folder: Path) -> Measured:
    """What of a card is measured, from all six sets of weights."""
    model, recorded = of_kind(SpeechModel, read(FOLDER, card)), data.recordings(folder)
    chosen, final, each = [], {}, []
    for speaker in data.SPEAKERS:
        own = [c for c in recorded if c.speaker == speaker]
        p = said(without(card, speaker), own)
        fits = np.array([c.index in data.VALIDATION for c in own])
        chosen.append(p[fits, : sound.NONE].max(axis=1))
        final[speaker] = right(p, own)[~fits]
        each.append(p[~fits, : sound.NONE].max(axis=1))
    limit = threshold(np.concatenate(chosen), said(model, no_digits(folder, "validation"))[:, : sound.NONE].max(axis=1))
    known = [c for c in recorded if c.index in data.TEST]
    digits, others = data.prompts(folder)["digits"], no_digits(folder, "test")
    by_voice = {speaker: float(found.mean()) for speaker, found in final.items()}
    metric = {
        UNHEARD: over_voices(list(final.values())),
        KNOWN: measure.share(right(said(model, known), known)),
        ANSWERED: over_voices([p >= limit for p in each]),
        REFUSED: measure.share(said(model, others)[:, : sound.NONE].max(axis=1) < limit),
        PROMPTS: measure.share(right(said(model, digits), digits)),
    }
    state = np.concatenate([_states(model, clip) for clip in known])
    ranges = measure.ranges(model, np.quantile(np.abs(state), 0.99, axis=0))
    clips = {str(clip.digit): sound.utterance(clip.samples).samples for clip in digits}
    heroes = insight.heroes(model, clips)
    shares = {speaker: round(share, 5) for speaker, share in by_voice.items()}
    return {"metric": metric, **ranges, "training": card.training | _settled(card, limit, shares), "heroes": heroes, "hero": heroes[0]}


def _settled(card: Card, limit: float, shares: dict[str, float]) -> dict[str, object]:
    """The threshold and the left-out voices' shares; the card's own where they differ by no more than another BLAS may round: a clip of a voice."""
    own = card.training.get("left_out", {})
    near = own.keys() == shares.keys() and all(abs(own[speaker] - share) <= 0.0025 for speaker, share in shares.items())
    same = abs(card.training.get("threshold", -1.0) - limit) <= 0.011
    return {"threshold": card.training["threshold"] if same else limit, "left_out": own if near else shares}


def _states(model: Model, clip: Clip) -> Array:
    trace = model.cell.run(sound.features(sound.utterance(clip.samples).samples))
    return getattr(trace, "c", trace.h)


def over_voices(each: list[Flags]) -> dict[str, float]:
    """The mean over the voices; its standard error is that between voices, for clips of one voice go wrong together."""
    shares = np.array([found.mean() for found in each])
    return {
        "accuracy": round(float(shares.mean()), 5),
        "n": sum(map(len, each)),
        "standard_error": round(float(shares.std(ddof=1) / len(shares) ** 0.5), 5),
    }


def baselines(folder: Path) -> dict[str, dict[str, dict[str, float]]]:
    """The figures of `core.applications.speech.train_baselines` under the metric's titles; they refuse nothing."""
    recorded, others = data.recordings(folder), no_digits(folder, "test")
    tests = {KNOWN: [c for c in recorded if c.index in data.TEST], PROMPTS: data.prompts(folder)["digits"]}
    tests |= {speaker: [c for c in recorded if c.speaker == speaker and c.index not in data.VALIDATION] for speaker in data.SPEAKERS}
    found = {}
    for name, right in speech_baselines.right(folder, learned(folder), tests).items():
        each = [right[speaker] for speaker in data.SPEAKERS]
        found[name] = {
            UNHEARD: over_voices(each),
            KNOWN: measure.share(right[KNOWN]),
            ANSWERED: over_voices([np.ones(len(p), bool) for p in each]),
            REFUSED: measure.share(np.zeros(len(others), bool)),
            PROMPTS: measure.share(right[PROMPTS]),
        }
    return found


def finish(cell: str, seed: int, tensors: dict[str, Array], losses: list[tuple[int, float]], folder: Path) -> Card:
    """Saves, measures the saved weights with the NumPy core, and saves the card with the figures."""
    card = Card.blank(
        name=f"speech-{cell}",
        task="speech",
        cell=cell,
        title=f"{cell.upper()}, {training.HIDDEN} units, spoken digits",
        input_size=sound.STACK * sound.BANDS,
        hidden_size=training.HIDDEN,
        labels=sound.LABELS,
        vocabulary=(),
        baseline=baselines(folder),
        parameters=network.parameter_counts(tensors),
        data=SOURCES,
        licence="CC BY-SA 4.0",
        seed=seed,
        command=f"python -m core.training speech --cell {cell} --seed {seed} --data FOLDER",
        training=training.budget()
        | {"examples": len(learned(folder)), "unit": "recorded digits, plus synthetic ones", "loss": losses, "settings_chosen_on": SEEN},
        reads="sound",
    )
    return network.ship(card, tensors, lambda model: measured(model.card, folder))


SOURCES = (
    {
        "name": "FSDD, the Free Spoken Digit Dataset, five of its speakers",
        "what": "digits 0–9, 50 recordings of each by each speaker at 8 kHz: 0–4 are the test, 5–9 the validation, the others are learned from",
        "licence": "CC BY-SA 4.0",
        "credit": "Zohar Jackson and contributors",
    },
    {
        "name": "asterisk-core-sounds-en-wav 1.6.1-1 (Debian)",
        "what": "prompts by one voice, never learned from: the ten digits, and other words to be refused (half chose the threshold, half test it)",
        "licence": "CC BY-SA 3.0",
        "credit": "Allison Smith, contributed by Digium",
    },
    {
        "name": "espeak-ng 1.52 (PyPI’s espeakng-loader 0.2.4) and flite 2.2 (Debian)",
        "what": "made voices that say digits and other words, to learn from only; nothing of them is shipped",
        "licence": "GPL-3.0-or-later and flite’s own (BSD-like), both of the programs",
    },
)


JOB = Job(train, lambda model, data: measured(model.card, data), "core.applications.speech.data", ("lstm", "gru"))
