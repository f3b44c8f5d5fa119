"""The next character, as Streamlit runs it, without a browser."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from core.families import FAMILIES
from core.insight import contributions
from core.models import load
from core.models.cards import FOLDER
from core.models.complete import complete
from core.views import characters
from tests.app import NASTY, figures, opened, said, standing, stepper

AUSTEN = FAMILIES["austen"].examples

TEXT = AUSTEN[0][1]


def log_p_gradient(name: str, text: str) -> tuple[int, np.ndarray]:
    """The likeliest next character, and by torch's autograd the gradient of its ln p with respect to the one-hot characters, (T, V)."""
    tensors = {key: torch.tensor(v, dtype=torch.float64) for key, v in load_file(FOLDER / f"{name}.safetensors").items()}
    kind, size = name.split("-")[1], tensors["readout.weight"].shape[1]
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[kind](len(tensors["embedding.weight"]), size).double()
    module.load_state_dict({key.removeprefix("cell."): v for key, v in tensors.items() if key.startswith("cell.")})
    x = tensors["embedding.weight"][load(name).run(text).ids].requires_grad_()
    p = torch.log_softmax(module(x)[0][-1] @ tensors["readout.weight"].T + tensors["readout.bias"], -1)
    p.max().backward()
    return int(p.argmax()), x.grad.numpy()


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_what_it_leans_on_is_autograds(cell):
    reading = load(f"austen-{cell}").run(TEXT)
    answer, wanted = log_p_gradient(f"austen-{cell}", TEXT)
    step = len(reading.tokens) - 1
    assert answer == reading.outputs[-1].argmax()
    found = contributions.connectivity(reading, step, contributions.of_answer(reading, step, answer))
    np.testing.assert_allclose(found, wanted, atol=2e-3 * np.abs(wanted).max())
    size, back = np.linalg.norm(wanted, axis=-1), characters.reach(np.linalg.norm(found, axis=-1))
    assert size[-back:].sum() >= 0.89 * size.sum()
    assert size[-back + 1 :].sum() <= 0.91 * size.sum()


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_split_and_the_gradient_are_of_the_same_sum(cell):
    """What the characters left adds up to weight · h; the gradient along all ways is what leaning calls full."""
    reading = load(f"austen-{cell}").run(TEXT)
    step, answer = len(TEXT) - 1, int(reading.outputs[-1].argmax())
    weight = contributions.of_answer(reading, step, answer)
    left = contributions.towards(reading.model.cell, reading.trace, weight)[:, step]
    assert left.sum() == pytest.approx(float(weight @ reading.trace.h[step]), abs=1e-4)
    np.testing.assert_array_equal(contributions.leaning(reading, step, weight).full, contributions.connectivity(reading, step, weight))


@pytest.mark.parametrize("model", ["austen-lstm", "austen-gru", "austen-rnn"])
def test_the_page_shows_what_the_networks_say(model):
    at = opened("next_character", model=model)
    assert not at.exception
    assert "Predict first." in said(at) and not figures(at)
    reading = load(model).run(TEXT)
    best = int(reading.outputs[-1].argmax())
    labels = [characters.options(reading)[k] for k in characters.options(reading)]
    place = next(k for k, option in enumerate(characters.options(reading)) if int(option) == best)
    assert len(set(labels)) == 4
    at.button(key=f"answer_next_character_{place}").click().run()
    assert not at.exception
    assert (
        f"**Right.** It is {characters.sign(reading, best)}, with a probability of {100 * reading.outputs[-1, best]:.0f}\N{NO-BREAK SPACE}%."
        in said(at)
    )
    assert (
        at.table[0]
        .value["first"][["lstm", "gru", "rnn"].index(reading.model.card.cell)]
        .startswith(f"{characters.options(reading)[str(best)]} ")
    )
    at.slider(key="next_warmth").set_value(0.0).run()
    written = complete(reading.model, TEXT, 160, 0)
    assert any(written in element.proto.body for element in at.get("html"))
    sent = stepper(at)
    told = sent["layers"][0]["panels"][-1]
    assert told["title"] == "next character" and told["names"] == [
        "␣" if w == " " else "↵" if w == "\n" else w for w in load(model).card.labels
    ]
    assert (sent["link"]["warmth"], sent["link"]["seen"]) == ("0", "1")


@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_typed(text):
    at = standing("next_character", model="austen-gru", seen="1")
    at.text_input(key="text").set_value(text).run()
    assert not at.exception


def test_bits_are_those_of_the_card():
    """The page's measure and the card's agree on a passage: mean of -log₂ p of what came."""
    reading = load("austen-lstm").run(TEXT)
    p = [reading.outputs[k, reading.model.card.labels.index(ch)] for k, ch in enumerate(TEXT[1:])]
    assert characters.bits(reading).mean() == pytest.approx(-np.log2(p).mean(), rel=1e-6)
