"""The shipped networks of several layers and directions: torch computes the same, the cards hold, and what the page says of them is true."""

import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from core.insight.layered import LAST, TEXT, backward_states, changed
from core.models import Damaged, layered
from core.models.layered import FOLDER, catalogue, load
from core.tasks import mini, tags
from core.training.__main__ import main

NAMES = ("tags-both", "tags-forward", "tags-backward", "verdict-two", "verdict-one")


def accuracy(name, title):
    return catalogue()[name].metric[title]["accuracy"]


def module(name):
    """torch's own module with the shipped tensors."""
    card = catalogue()[name]
    options = {key: value for key, value in card.variant.items() if key != "backward"}
    gru = torch.nn.GRU(card.input_size, card.hidden_size, batch_first=True, **options)
    tensors = load_file(FOLDER / f"{name}.safetensors")
    gru.load_state_dict({key.removeprefix("cell."): array for key, array in tensors.items() if key.startswith("cell.")})
    return gru.requires_grad_(False)


def test_all_are_shipped():
    assert set(catalogue()) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_torch_computes_the_same(name):
    model, ids = load(name), mini.sentences(np.random.default_rng(5), 20, 30)
    x = torch.eye(len(mini.WORDS))[torch.from_numpy(ids)]
    backward = bool(model.card.variant.get("backward"))
    output, h_n = module(name)(x.flip(1) if backward else x)
    reading = model.read(ids)
    np.testing.assert_allclose(reading.output, (output.flip(1) if backward else output).numpy(), rtol=0, atol=1e-5)  # 30 steps in float32
    np.testing.assert_allclose(reading.h_n, h_n.numpy(), rtol=0, atol=1e-5)


@pytest.mark.parametrize("name", ["tags-both", "verdict-two"])
def test_check_confirms_the_cards(name, capsys):
    assert main(["--check", name]) == 0
    assert f"{name}: agrees" in capsys.readouterr().out


def test_a_file_that_has_changed_is_refused(tmp_path):
    card = catalogue()["tags-both"]
    shutil.copy(FOLDER / "tags-forward.safetensors", tmp_path / "tags-both.safetensors")
    with pytest.raises(Damaged, match="has changed"):
        layered.read(tmp_path, card)


def test_a_word_that_is_not_known_is_named():
    with pytest.raises(ValueError, match="'novel'"):
        load("tags-both").ids("the novel was good")


def naive(words):
    """A text's tags, word by word."""
    found = []
    for k, word in enumerate(words):
        opinion = word in mini.POSITIVE | mini.NEGATIVE
        if not opinion:
            found.append("no opinion")
        elif any(later in mini.POSITIVE | mini.NEGATIVE for later in words[k + 1 :]):
            found.append("overruled")
        else:
            start = max((j + 1 for j in range(k) if words[j] in mini.POSITIVE | mini.NEGATIVE), default=0)
            negated = "not" in words[start:k]
            found.append("positive" if (word in mini.POSITIVE) != negated else "negative")
    return found


def test_tags_and_waiting_are_what_they_say():
    for row in mini.sentences(np.random.default_rng(6), 50, 15):
        words = [mini.WORDS[k] for k in row]
        assert [tags.LABELS[k] for k in tags.tags(row[None])[0]] == naive(words)
        for t, waits in enumerate(tags.waiting(row[None])[0]):
            since = next((j for j in range(t, -1, -1) if words[j] in mini.POSITIVE | mini.NEGATIVE), -1)
            assert waits == ("not" in words[since + 1 : t + 1])


def test_no_direction_alone_knows_what_both_know():
    """Claims of the page, each network held to the same budget."""
    title = "opinions that stand"
    assert accuracy("tags-both", title) > 0.99
    assert accuracy("tags-both", "opinions that stand, after not") > 0.98
    assert accuracy("tags-both", "overruled opinions") > 0.99
    assert accuracy("tags-forward", title) > 0.9
    assert accuracy("tags-forward", "overruled opinions") < 0.5
    assert accuracy("tags-backward", "overruled opinions") > 0.99
    assert 0.6 < accuracy("tags-backward", title) < 0.9
    assert accuracy("tags-backward", "opinions that stand, after not") < 0.1
    assert accuracy("tags-both", "every opinion, 60 words") > 0.99
    for key in ("updates", "batch", "learning_rate", "seeds_tried"):
        assert len({catalogue()[name].training[key] for name in NAMES}) == 1
    for name in ("tags-forward", "tags-backward"):
        assert catalogue()[name].parameters["cell"] > catalogue()["tags-both"].parameters["cell"]


def test_what_a_changed_last_word_changes():
    """Claims of the page: nothing forward before the last word, something backward at the first."""
    model = load("tags-both")
    ids = model.ids(TEXT)
    other = np.append(ids[:-1], mini.WORDS.index(LAST))
    found = changed(model, ids, other)
    assert not found["forward"][:-1].any()
    assert found["forward"][-1] > 0.01
    assert found["backward"][0] > 0


def test_the_backward_half_of_the_last_output_has_read_one_word():
    model = load("tags-both")
    found = backward_states(model, model.ids(TEXT))
    np.testing.assert_allclose(found["last"][0], found["alone"][0], rtol=0, atol=1e-7)
    np.testing.assert_array_equal(found["first"][0], found["h_n"][0])
    assert accuracy("tags-both", "h_n, backward") > 0.95
    assert accuracy("tags-both", "output[:, -1], backward") < 0.8


def test_what_each_layer_tells():
    """Claims of the page: the first layer has the verdict already; the second has less of the word and of a waiting *not*. One layer is enough."""
    assert accuracy("verdict-two", "the word, from layer 1") > accuracy("verdict-two", "the word, from layer 2") + 0.1
    assert accuracy("verdict-two", "a waiting not, from layer 1") > accuracy("verdict-two", "a waiting not, from layer 2") + 0.1
    assert min(accuracy("verdict-two", f"the verdict, from layer {k}") for k in (1, 2)) > 0.98
    assert min(accuracy(name, "every word") for name in ("verdict-one", "verdict-two")) > 0.98
