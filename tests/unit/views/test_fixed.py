"""What never changes with a text goes to the browser once: by an address for a shipped model as it was trained, else with the text."""

import json
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.models import load
from core.views.stepper import fixed
from core.views.stepper.layers import Layer


@pytest.fixture
def client():
    return TestClient(Starlette(routes=fixed.routes("/x")))


@pytest.mark.parametrize("name", ["sentiment-lstm", "mini-gru", "sentiment-rnn"])
def test_the_address_brings_what_a_hand_out_holds(client, name):
    layer = Layer.of(load(name).run("not bad"))
    at = layer.payload(fixed.address)["inside"]["fixed"]
    assert client.get(f"/x/{at}").json() == json.loads(json.dumps(layer.payload()["inside"]["fixed"]))
    assert "immutable" in client.get(f"/x/{at}").headers["cache-control"]


def test_a_text_is_sent_without_the_weights():
    layer = Layer.of(load("sentiment-lstm").run("not bad"))
    apart, whole = (len(json.dumps(layer.payload(how))) for how in (fixed.address, None))
    assert apart < whole / 3


def test_another_cell_goes_with_its_text():
    """A convention, a gate made by hand, a moment of training: none of them is the shipped model's."""
    model = load("mini-lstm")
    cell = replace(model.cell, weight_hh=2 * model.cell.weight_hh)
    other = replace(model, cell=cell)
    assert isinstance(Layer.of(other.run("not bad")).payload(fixed.address)["inside"]["fixed"], dict)
    assert isinstance(replace(Layer.of(model.run("not bad")), weights=cell).payload(fixed.address)["inside"]["fixed"], dict)


@pytest.mark.parametrize("path", ["nothing-0123456789abcdef", "sentiment-lstm-0123456789abcdef"], ids=["unknown", "older"])
def test_what_is_not_here_is_not_found(client, path):
    assert client.get(f"/x/cells/{path}.json").status_code == 404
