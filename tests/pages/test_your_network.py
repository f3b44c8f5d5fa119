"""Your own network: examples and files through the page, what is set by hand, and what a link brings back."""

import json
import re
from functools import partial

import numpy as np
import pytest
from safetensors.numpy import save
from streamlit.testing.v1 import AppTest

from core.cells import GRU, LSTM, PARAMETERS, RNN
from core.network import Network
from core.network.gradients import gradient_norms
from core.upload import inputs
from core.views import state
from core.views.remembered import Brought
from core.views.your_network import kept
from tests import app
from tests.app import figures, link, panel, said, stepper

opened = partial(app.opened, "your_network")
D, H = 5, 4


def weights(kind: type = GRU, layers: int = 2, ways: int = 2, prefix: str = "encoder.") -> dict[str, np.ndarray]:
    """A state dict as torch names it, random."""
    found = {}
    for k in range(layers):
        for way in range(ways):
            cell = kind.init(D if k == 0 else ways * H, H, seed=2 * k + way)
            found |= {f"{prefix}{name}_l{k}{'_reverse' * way}": getattr(cell, name) for name in PARAMETERS}
    return found


def bring(at: AppTest, kind: str, name: str, raw: bytes) -> AppTest:
    at.file_uploader(key=f"network_upload_{kind}_0").set_value((name, raw, "application/octet-stream"))
    return at.run()


@pytest.fixture
def brought() -> AppTest:
    """The page with a bidirectional GRU of two layers."""
    return bring(opened(file="own"), "model", "mine.safetensors", save(weights()))


def test_a_file_is_shown_with_every_layer_and_direction(brought):
    assert not brought.exception
    sent = stepper(brought)
    assert [layer["title"] for layer in sent["layers"]] == [
        f"layer {k}, {way}" for k in (1, 2) for way in ("forward", "backward (right to left)")
    ]
    x, tokens = inputs.random(12, D)
    reading = Network.from_torch(weights()).run(x)
    assert sent["tokens"] == list(tokens)
    np.testing.assert_array_equal(panel(sent, "z", 2), reading.layers[1].forward.z)
    np.testing.assert_array_equal(panel(sent, "h", 3), reading.layers[1].backward.h[::-1])
    assert brought.table[0].value.iloc[0].tolist() == ["encoder", "GRU", "5", "4", "2", "2", "600"]
    assert sent["own"] == "file"
    assert link(brought)["file"] == "own"


def test_what_was_read_is_kept_and_the_bytes_are_not(brought):
    own = brought.session_state[state.key(Brought)].model
    assert own.name == "mine.safetensors"
    assert isinstance(own.content, kept.Kept)
    brought.button(key="network_forget").click()
    brought.run()
    assert brought.session_state[state.key(Brought)].model.content is None
    assert "Upload a file" in said(brought)


def test_a_bad_file_is_told_and_the_last_one_stays(brought):
    at = bring(brought, "model", "*junk*.safetensors", b"\x00\xff" * 100)
    assert not at.exception
    assert "junk" in at.error[0].value
    assert "mine\\.safetensors is still shown" in at.error[0].value
    assert len(stepper(at)["layers"]) == 4


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("empty.pt", b""),
        ("text.onnx", b"hello"),
        ("cut.safetensors", save(weights())[:200]),
        ("nan.npz", b"PK\x03\x04junk"),
        ("a.exe", b"MZ"),
    ],
)
def test_what_is_no_model_is_a_sentence(name, raw):
    at = bring(opened(file="own"), "model", name, raw)
    assert not at.exception
    assert len(at.error) == 1
    assert "Upload a file" in said(at)


def test_a_plain_rnn_asks_for_its_activation():
    at = bring(opened(file="own"), "model", "rnn.safetensors", save(weights(RNN, 1, 1, "")))
    before = panel(stepper(at), "h")
    [ask] = [control for control in at.segmented_control if control.key.startswith("network_ask_activation")]
    ask.set_value("relu").run()
    x, _ = inputs.random(12, D)
    np.testing.assert_array_equal(
        panel(stepper(at), "h"), Network.from_torch(weights(RNN, 1, 1, ""), activation="relu").run(x).layers[0].forward.h
    )
    assert not np.array_equal(before, panel(stepper(at), "h"))
    assert link(at)["activation"] == "relu"


def test_one_of_several_networks_is_chosen():
    both = weights(prefix="one.") | weights(LSTM, 1, 1, "two.")
    at = bring(opened(file="own", name="two"), "model", "both.safetensors", save(both))
    assert [layer["cell"] for layer in stepper(at)["layers"]] == ["lstm"]
    assert link(at)["name"] == "two"


def test_typed_words_and_a_table_are_read(brought):
    at = brought
    [choice] = [control for control in at.segmented_control if control.key.startswith("network_input_")]
    choice.set_value("words").run()
    at = bring(at, "words", "words.json", json.dumps(["<unk>", "good", "bad", "film", "not"]).encode())
    at.text_input[0].set_value("not a bad film").run()
    assert stepper(at)["tokens"] == ["not", "<unk>", "bad", "film"]
    next(c for c in at.segmented_control if c.key.startswith("network_input_")).set_value("table").run()
    rows = np.arange(3 * D, dtype=float).reshape(3, D)
    at = bring(at, "table", "rows.csv", "\n".join(",".join(map(str, row)) for row in rows).encode())
    x = rows.astype(np.float32)
    np.testing.assert_array_equal(panel(stepper(at), "h", 0), Network.from_torch(weights()).run(x).layers[0].forward.h)
    at = bring(at, "table", "narrow.csv", b"1,2\n3,4\n")
    assert "2 numbers in each row, and the network reads 5" in at.warning[0].value
    assert len(stepper(at)["tokens"]) == 3  # the last good one


def test_what_is_set_goes_through_the_network_and_into_the_link():
    at = opened(file="random-lstm", cell="0b", changes="0b.f_0_1-2_3~1f.weight_hh_2.1_0.5")
    assert not at.exception
    assert "moves by up to" in said(at)
    sent = stepper(at)
    assert (panel(sent, "f", 1)[1:3, 3] == 0).all()  # steps of the text, though this cell reads backwards
    assert link(at)["changes"] == "0b.f_0_1-2_3~1f.weight_hh_2.1_0.5"
    assert len(figures(at)) == 2
    at.button(key="network_drop_0").click().run()
    assert link(at)["changes"] == "1f.weight_hh_2.1_0.5"
    at.button(key="what_set_network").click().run()
    assert link(at)["changes"].startswith("1f.weight_hh_2.1_0.5~0b.")
    at = opened(file="random-lstm", changes="7f.f_0_0-1_all~0f.f_0_0-99_all~0f.q_1_0-1_all~nonsense~0f.bias_ih_999_1")
    assert not at.exception
    assert "nonsense" in at.warning[0].value
    assert "no such place" in said(at)
    assert "changes" not in link(at)


def test_gradients_are_those_of_the_network(brought):
    at = brought.segmented_control(key="network_section").set_value("gradients").run()
    assert re.search(r"layer 1, backward: 100\W%", said(at))
    at.number_input(key="network_at_12").set_value(5).run()
    network, (x, _) = Network.from_torch(weights()), inputs.random(12, D)
    d_output = np.zeros((12, 2 * H), np.float32)
    d_output[4] = 1
    wanted = gradient_norms(network, network.run(x), d_output)
    lines = figures(at)[0]["figure"]["data"]
    assert len(lines) == len(wanted) == 4
    assert "at step 5" in said(at)
    assert link(at)["at"] == "5"


def test_the_split_adds_up_in_a_cell_that_reads_backwards():
    at = opened(file="random-lstm", cell="1b", show="contributions", of="3", at="4")
    assert not at.exception
    told = said(at)
    assert "unit 3 holds c" in told
    assert "reads backwards" in told


def test_torch_gives_the_same_numbers():
    at = opened(file="random-lstm", show="torch", changes="0f.weight_ih_0.0_0.5~0f.i_1_0-0_all")
    assert not at.exception
    gaps = [
        float(value.replace(" × 10", "e").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))) for value in at.table[1].value.iloc[:, 1]
    ]
    assert len(gaps) == 2
    assert max(gaps) < 1e-6
    assert "torch’s modules cannot hold them" in said(at)


def test_a_link_to_a_file_says_that_it_is_not_in_it_and_holds_for_it():
    at = opened(file="own", steps="7", changes="1b.z_1_0-3_all", show="edits")
    assert "which a link does not contain" in said(at)
    assert link(at)["changes"] == "1b.z_1_0-3_all"
    at = bring(at, "model", "mine.safetensors", save(weights()))
    sent = stepper(at)
    assert len(sent["tokens"]) == 7
    assert (panel(sent, "z", 3)[:4] == 1).all()


def test_files_make_room_for_newer_ones(monkeypatch):
    monkeypatch.setattr(kept, "BYTES", 100)
    first, second = kept.keep("one", 60), kept.keep("two", 40)
    assert (first.file, second.file) == ("one", "two")
    third = kept.keep("three", 50)
    assert (first.file, second.file, third.file) == (None, "two", "three")
    del second
    fourth = kept.keep("four", 50)
    assert (third.file, fourth.file) == ("three", "four")


def test_a_large_network_sends_one_cell_and_no_weights():
    found = weights(LSTM, 1, 2, "")
    found = {name: np.zeros([n * 64 if n in (H, 4 * H) else n for n in rows.shape], np.float32) for name, rows in found.items()}
    at = bring(opened(file="own", steps="500"), "model", "wide.safetensors", save(found))
    assert not at.exception
    sent = stepper(at)
    assert sum(len(json.dumps(layer)) for layer in sent["layers"]) < 14_000_000
