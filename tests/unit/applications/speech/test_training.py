"""How the recogniser is trained: its sounds as it will hear them, nothing of a left-out voice, honest cards."""

import numpy as np
import pytest
from safetensors.numpy import load_file

from core.applications.speech import model as sound
from core.applications.speech import train as training
from core.applications.speech import train_cards as cards
from core.applications.speech.data import EXAMPLES, SPEAKERS, TEST, VALIDATION, Clip, wav
from core.models import catalogue, load
from core.models.cards import FOLDER
from core.training.__main__ import main

NAMES = [name for name, card in catalogue().items() if card.task == "speech"]


def clips(digits=range(10)) -> list[Clip]:
    return [Clip(wav((EXAMPLES / f"{d}.wav").read_bytes()), d, "Allison Smith", 0, str(d)) for d in digits]


def test_without_variation_a_batch_is_what_the_network_will_hear(monkeypatch):
    plain = {"WARPS": np.ones(1), "SPEEDS": (1, 1), "NOISES": (150, 150), "COLOUR": 0, "TILT": 0, "AROUND": 1, "HOLES": 0}
    for name, value in plain.items():
        monkeypatch.setattr(training, name, value)
    sounds = training.Sounds.of(clips(), [], [])
    x, ends, answers = training.batch(sounds, np.random.default_rng(0), np.arange(10), sounds.lengths)
    assert answers.tolist() == list(range(10))
    for k, clip in enumerate(clips()):
        wanted = sound.features(sound.utterance(clip.samples).samples)
        assert ends[k] == len(wanted)
        np.testing.assert_allclose(x[k, : ends[k]], wanted, atol=2e-3)


def test_with_variation_every_draw_is_another_and_has_its_answer():
    none = training.noises(np.random.default_rng(0), 9)
    sounds = training.Sounds.of(clips(), clips(range(5)), none)
    drawn = list(training.batches(sounds, 9, 0))
    assert len(drawn) == 9
    for x, ends, answers in drawn:
        assert x.shape == (training.BATCH, ends.max(), sound.STACK * sound.BANDS)
        assert np.isfinite(x).all()
        assert ((answers >= 0) & (answers <= sound.NONE)).all()
    everything = np.concatenate([answers for _, _, answers in drawn[:8]])
    assert (everything == sound.NONE).mean() == pytest.approx(training.SHARES[2], abs=0.01)
    again = next(training.batches(sounds, 1, 0))
    np.testing.assert_array_equal(again[0], next(training.batches(sounds, 1, 0))[0])
    assert np.abs(again[0]).max() < 10


@pytest.mark.parametrize("speed", [0.7, 1.3])
def test_another_speed_is_another_length(monkeypatch, speed):
    monkeypatch.setattr(training, "SPEEDS", (speed, speed))
    monkeypatch.setattr(training, "AROUND", 1)
    sounds = training.Sounds.of(clips([3]), clips([3]), clips([3]))
    _, ends, _ = next(training.batches(sounds, 1, 0))
    assert ends == pytest.approx(sounds.lengths[0] / speed / 2, abs=1)


def test_the_test_and_the_validation_are_not_learned(monkeypatch, tmp_path):
    made = [Clip(np.zeros(1), d, s, k, "") for d in range(10) for s in SPEAKERS for k in range(50)]
    monkeypatch.setattr(cards.data, "recordings", lambda folder: made)
    own = cards.learned(tmp_path)
    each = 10 * (50 - len({*TEST, *VALIDATION}))  # clips of a voice
    assert len(own) == each * len(SPEAKERS)
    assert not {clip.index for clip in own} & {*TEST, *VALIDATION}
    heard = []
    monkeypatch.setattr(cards.voices, "made", lambda folder: [])
    monkeypatch.setattr(training.Sounds, "of", classmethod(lambda cls, *kinds: heard.extend(kinds[0])))
    monkeypatch.setattr(training, "fit", lambda *rest: ({}, []))
    cards.run("gru", tmp_path, "theo", 0)
    assert len(heard) == each * (len(SPEAKERS) - 1)
    assert "theo" not in {clip.speaker for clip in heard}


def test_the_threshold_is_where_the_two_errors_meet():
    digits, others = np.array([0.9] * 8 + [0.3] * 2), np.array([0.1] * 8 + [0.6] * 2)
    limit = cards.threshold(digits, others)
    assert 0.3 < limit <= 0.6
    assert (digits < limit).mean() == (others >= limit).mean() == 0.2


def test_the_error_over_voices_is_between_voices():
    figure = cards.over_voices([np.array([True, True]), np.array([True, False]), np.array([False, False])])
    assert figure == {"accuracy": 0.5, "n": 6, "standard_error": pytest.approx(0.5 / 3**0.5, abs=1e-4)}


@pytest.mark.parametrize("name", NAMES)
def test_a_card_says_what_a_reader_needs(name):
    card = catalogue()[name]
    assert (FOLDER / f"{name}.safetensors").stat().st_size <= 1_200_000
    assert {"FSDD", "asterisk", "espeak-ng"} <= {word for d in card.data for word in ("FSDD", "asterisk", "espeak-ng") if word in d["name"]}
    assert card.licence == "CC BY-SA 4.0"
    assert card.command.startswith("python -m core.training speech")
    assert "theo" in card.training["settings_chosen_on"]
    for title, figure in card.metric.items():
        assert all(title in baseline for baseline in card.baseline.values())
        assert figure["standard_error"] >= 0
    left_out = card.training["left_out"]
    assert set(left_out) == set(SPEAKERS)
    assert card.metric[cards.UNHEARD]["accuracy"] == pytest.approx(np.mean(list(left_out.values())), abs=1e-4)
    for title in (cards.UNHEARD, cards.KNOWN):
        best = max(figures[title]["accuracy"] for figures in card.baseline.values())
        assert card.metric[title]["accuracy"] - card.metric[title]["standard_error"] > best
    assert card.metric[cards.KNOWN]["accuracy"] > card.metric[cards.UNHEARD]["accuracy"]


def test_equal_budgets():
    own = [catalogue()[name] for name in NAMES]
    assert sorted(card.cell for card in own) == ["gru", "lstm"]
    budgets = [{key: card.training[key] for key in training.budget()} | {"H": card.hidden_size, "seed": card.seed} for card in own]
    assert budgets[0] == budgets[1]
    assert {key: tuple(v) if isinstance(v, list) else v for key, v in budgets[0].items()} == training.budget() | {
        "H": training.HIDDEN,
        "seed": 0,
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_weights_without_each_voice_are_there(name):
    own, shipped = catalogue()[name], load(name)
    tensors = load_file(FOLDER / f"{name}.safetensors")
    assert {key.split(".")[1] for key in tensors if key.startswith("without.")} == set(SPEAKERS)
    samples = sound.utterance(clips([4])[0].samples).samples
    said = {speaker: cards.without(own, speaker).hear(samples).outputs[-1] for speaker in SPEAKERS}
    assert all(np.abs(p - shipped.hear(samples).outputs[-1]).max() > 1e-4 for p in said.values())
    assert own.parameters["cell"] == sum(v.size for key, v in tensors.items() if key.startswith("cell."))


def test_check_names_the_recordings_if_they_are_absent(tmp_path, capsys):
    assert main(["--check", "speech-lstm", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "not checked" in said
    assert "recordings.tar.xz" in said
