"""The page on activations, as Streamlit runs it, without a browser."""

from dataclasses import replace

import numpy as np
import pytest

from core import torch_side
from core.families import FAMILIES
from core.models import load
from core.tasks.activation_runs import CANDIDATES, results
from core.views import activation_gradients, activation_results, activations
from tests.app import NASTY, figures, opened, panel, standing, stepper

REVIEWS = FAMILIES["sentiment"].examples

TEXT = REVIEWS[0][1]


def page(**query):
    return opened("activations", **query)


def swapped(name, text=TEXT, **variant):
    """The oracle: torch's steps with the other activation."""
    model = load(name)
    cell = replace(model.cell, **variant)
    return torch_side.run(cell, model.embedding[model.run(text).ids])


def test_it_opens_with_the_findings_of_the_record():
    at = page()
    assert not at.exception
    shown = "\n".join(m.value for m in at.markdown)
    for line in (*activation_results.headlines(results()), *activation_results.details(results())):
        assert line in shown
    assert len(at.table) == sum(len(task.rates) for task in results().tasks.values())
    assert figures(at)


def test_the_tables_are_the_record():
    record = results()
    for name, task in record.tasks.items():
        for rate in task.rates:
            table = activations.table(record, name, rate)
            assert table["candidate"] == [activation_results.TITLES[c] for c in CANDIDATES]
            for cell in ("lstm", "gru"):
                column = next(v for k, v in table.items() if k.startswith(cell.upper()) and "failed" not in k)
                for candidate, text in zip(CANDIDATES, column, strict=True):
                    figures = [r.figure for r in record.runs if (r.task, r.cell, r.candidate, r.rate) == (name, cell, candidate, rate)]
                    ended = [value for value in figures if value is not None]
                    assert text.startswith(activation_results.figure(task, float(np.mean(ended))))
                    assert all(activation_results.figure(task, value).removesuffix(" %") in text for value in (min(ended), max(ended)))


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_figures_draw_every_candidate(cell):
    record = results()
    for made in (*(activations.losses(name, cell) for name in record.tasks), activations.sizes(cell)):
        assert [t.name for t in made.data if t.showlegend is not False] == [activation_results.TITLES[c] for c in CANDIDATES]
    at = page()
    at.segmented_control(key="tried_cell").set_value(cell).run()
    assert not at.exception
    shown = "\n".join(one.value for one in (*at.markdown, *at.caption))
    assert activation_gradients.left(record, cell) in shown
    assert activation_gradients.describe(record) in shown
    for when in ("before", "after"):
        assert f"{cell.upper()}, {when} training: length of ∂(last answer)/∂{'c' if cell == 'lstm' else 'h'}" in shown
    assert f"{min(run.date for run in record.runs)} and {max(run.date for run in record.runs)}, torch" in shown


@pytest.mark.parametrize("candidate", CANDIDATES)
@pytest.mark.parametrize(("model", "array"), [("sentiment-lstm", "g"), ("mini-gru", "n"), ("sentiment-rnn", "h")])
def test_a_swap_is_what_torch_computes(model, array, candidate):
    text = "the film was not good"
    at = page(model=model, text=text)
    at.segmented_control(key="swap_candidate").set_value(candidate).run()
    assert not at.exception
    variant = {"activation" if model.endswith("rnn") else "candidate": candidate}
    np.testing.assert_allclose(panel(stepper(at), array), getattr(swapped(model, text, **variant), array), atol=1e-4, rtol=1e-4)
    if candidate == "tanh":
        np.testing.assert_array_equal(panel(stepper(at), array), getattr(load(model).run(text).trace, array))
        assert not at.warning
        return
    said = f"trained with tanh, run with {activation_results.TITLES[candidate]}"
    assert said in at.warning[0].value
    assert said in stepper(at)["provenance"]


def test_the_verdict_that_moves_is_the_models():
    at = page()
    at.segmented_control(key="swap_output").set_value("softmax").run()
    model = load("sentiment-lstm")
    now = model.outputs(swapped("sentiment-lstm", candidate="relu", output="softmax").h[-1])[1]
    assert (
        f"from {100 * model.run(TEXT).outputs[-1, 1]:.0f}\N{NO-BREAK SPACE}% to {100 * now:.0f}\N{NO-BREAK SPACE}% positive"
        in at.warning[0].value
    )
    said = {p["name"]: p["meaning"] for p in stepper(at)["layers"][0]["panels"]}
    assert not any("tanh" in text for text in said.values())
    turned = 0
    for _, text in REVIEWS:
        was, other = (
            model.run(text).outputs[-1, 1],
            model.outputs(swapped("sentiment-lstm", text, candidate="relu", output="softmax").h[-1])[1],
        )
        turned += (was > 0.5) != (other > 0.5)
    assert f"On {turned} of the {len(REVIEWS)} examples" in at.warning[0].value


def test_a_link_gives_the_swap():
    at = page(model="sentiment-lstm", text="hello there", candidate="softmax", output="relu")
    sent = stepper(at)
    assert (sent["link"]["candidate"], sent["link"]["output"]) == ("softmax", "relu")
    np.testing.assert_allclose(panel(sent, "g").sum(axis=1), 1, atol=1e-5)
    at = page(model="sentiment-lstm", candidate="<b>nonsense</b>")
    assert not at.exception
    assert stepper(at)["link"]["candidate"] == "relu"


@pytest.mark.parametrize("model", ["sentiment-rnn", "sentiment-lstm"])
@pytest.mark.parametrize("text", NASTY)
def test_any_text_may_be_typed(model, text):
    at = standing("activations", model=model)
    at.text_input(key="text").set_value(text).run()
    assert not at.exception
    assert stepper(at)["tokens"] == [*load(model).run(text).tokens]


def test_what_overflows_is_said_and_never_drawn_as_a_number():
    at = page(model="sentiment-rnn", text="word " * 500)
    trace = swapped("sentiment-rnn", "word " * 500, activation="relu")
    shown = panel(stepper(at), "h")
    assert np.isfinite(shown[np.isfinite(trace.h)]).all()
    assert not np.isinf(shown).any()
    assert ("no longer a finite number" in at.warning[0].value) == bool(np.isnan(shown[-1]).any())


@pytest.mark.parametrize("name", list(activations.ABOUT))
def test_the_explorer_shows_each_activation(name):
    at = page()
    at.segmented_control(key="curve").set_value(name).run()
    at.slider(key="curve_a").set_value(-2.5).run()
    assert not at.exception
    value, slope = activations.at(name, -2.5)
    assert any(f"the value is **{value:.4f}** and the slope is **{slope:.4f}**".replace("-", "−") in m.value for m in at.markdown)
