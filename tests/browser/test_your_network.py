"""Your own network in a real browser: files of torch, Keras and ONNX, junk, one of 25 MB, the keyboard, a phone."""

import io
import os
import re
import warnings
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save

from tests.axe import serious
from tests.browser.conftest import Tab, number, patient
from tests.conftest import launch, until

T, D, H = 12, 3, 4
LARGE = 25_000_000  # bytes, as many as the field takes
EDGES = """(e) => {
  const pen = document.createElement("canvas").getContext("2d"), ground = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor;
  const drawn = (...colours) => { for (pen.fillStyle of colours) pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data]; };
  const { borderLeftColor, borderRightColor } = getComputedStyle(e);
  return [drawn(ground, borderLeftColor), drawn(ground, borderRightColor), drawn(ground)]; }"""  # as the eye sees them
GROWS = 60  # MB by which a server's memory moves by itself, with a page and plotly's figures in it


@pytest.fixture(scope="module")
def lstm() -> torch.nn.LSTM:
    torch.manual_seed(0)
    return torch.nn.LSTM(D, H, num_layers=2, bidirectional=True).requires_grad_(False)


def of_torch(lstm: torch.nn.LSTM) -> bytes:
    stream = io.BytesIO()
    torch.save(torch.nn.ModuleDict({"encoder": lstm}).state_dict(), stream)
    return stream.getvalue()


def of_onnx(lstm: torch.nn.LSTM, folder: Path) -> bytes:
    path = folder / "model.onnx"
    with warnings.catch_warnings(action="ignore"):  # torch calls this exporter old; its new one wants another package
        torch.onnx.export(lstm, torch.zeros(T, 1, D), path, dynamo=False)
    return path.read_bytes()


def of_keras(folder: Path) -> bytes:
    os.environ["KERAS_BACKEND"] = "torch"  # read when keras is imported
    import keras

    path = folder / "model.keras"
    model = keras.Sequential([keras.Input((T, D)), keras.layers.Bidirectional(keras.layers.GRU(H, return_sequences=True))])
    with warnings.catch_warnings(action="ignore"):  # Keras's own, of how it takes numbers from torch
        model.save(path)
    return path.read_bytes()


def large(rows: int = LARGE) -> bytes:
    """A network and an embedding of so many bytes together, nearly."""
    rng = np.random.default_rng(0)
    shapes = {"rnn.weight_ih_l0": (4 * H, D), "rnn.weight_hh_l0": (4 * H, H), "rnn.bias_ih_l0": (4 * H,), "rnn.bias_hh_l0": (4 * H,)}
    found = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    found["embedding.weight"] = np.zeros(((rows - 3_000) // (4 * D), D), np.float32)
    return save(found)


def bring(tab: Tab, name: str, raw: bytes) -> None:
    tab.page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": raw})


def titles(tab: Tab) -> list[str]:
    return tab.page.locator("[data-testid=stepper] .gs-head").all_inner_texts()


BOTH = [f"layer {k}, {way}" for k in (1, 2) for way in ("forward", "backward (right to left)")]


def test_files_of_three_libraries(tab, lstm, tmp_path):
    """h of the last layer at the last step is torch's."""
    tab.visit("/your_network?file=own")
    x = torch.tensor(np.random.default_rng(0).standard_normal((T, D), np.float32))
    for name, raw in (("model.pt", of_torch(lstm)), ("model.onnx", of_onnx(lstm, tmp_path))):
        bring(tab, name, raw)
        tab.page.get_by_text(f"Shown: {name}").wait_for()
        tab.at(steps=T)
        assert titles(tab) == BOTH
        tab.page.locator(".gs-label:has-text('hidden state')").nth(2).click()
        tab.part("last").click()
        value = number(tab.part("value").inner_text().split(" = ")[1].split(":")[0])
        assert value == pytest.approx(float(lstm(x)[0][-1, 0]), abs=0.00051)
    bring(tab, "model.keras", of_keras(tmp_path))
    tab.page.get_by_text("Shown: model.keras").wait_for()
    tab.page.wait_for_function("document.querySelectorAll('.gs-head').length === 2")
    tab.page.wait_for_selector(".gs-label:has-text('update gate')")


def test_junk_and_what_is_too_large(tab, lstm):
    tab.visit("/your_network?file=own")
    bring(tab, "junk.safetensors", b"\x00\xff" * 5000)
    told = tab.page.get_by_role("alert").filter(has_text="junk")
    told.wait_for()
    assert "Traceback" not in tab.page.inner_text("body")
    bring(tab, "model.pt", of_torch(lstm)[:-700])
    tab.page.get_by_role("alert").filter(has_text="cut short or damaged").wait_for()
    bring(tab, "model.pt", of_torch(lstm))
    tab.at(steps=T)
    bring(tab, "large.safetensors", bytes(LARGE + 10**6))
    tab.page.get_by_text(re.compile("must be 25(.0)?MB or smaller")).first.wait_for(state="attached")
    tab.at(steps=T)  # the last good one stays


def test_by_the_keyboard_on_a_phone_and_back_by_the_link(tabs):
    tab = tabs(width=360)
    tab.visit("/your_network?file=random-lstm&cell=1b&all=0")
    tab.fits()
    assert titles(tab) == BOTH[3:]
    tab.page.get_by_role("button", name="Set the value").focus()
    tab.page.keyboard.press("Enter")
    tab.page.get_by_text("moves by up to").wait_for()
    address = tab.href("changes=1b.f_0_0-11_all")
    tab.page.get_by_role("radio", name="Gradients").focus()
    tab.page.keyboard.press("Space")
    tab.page.get_by_label("After step").wait_for()
    tab.fits()
    again = tabs(dark=True)
    again.page.goto(address)
    again.at(steps=T)
    again.page.get_by_text("layer 2, backward: f = 0 at t = 1 to 12").wait_for()
    again.page.get_by_role("button", name="Remove").click()
    again.page.get_by_text("moves by up to").wait_for(state="hidden")


def test_what_is_typed_into_a_link_s_file_holds_once_the_file_is_there(tab, lstm):
    tab.visit("/your_network?file=own&steps=5&cell=0b&show=contributions&of=1")
    tab.page.get_by_text("which a link does not contain").wait_for()
    tab.href("show=contributions")
    assert not serious(tab.page)
    bring(tab, "model.pt", of_torch(lstm))
    tab.at(steps=5)
    tab.page.get_by_text("unit 1 holds c").wait_for()
    tab.href("of=1")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_choices_in_several_rows_are_whole_boxes(tabs, dark):
    tab = tabs(width=360, dark=dark).visit("/your_network")
    tab.at()
    choice = tab.page.get_by_role("radio", name="words, one-hot")
    after = tab.page.get_by_role("radio", name="words, embedded")
    assert after.bounding_box()["y"] > choice.bounding_box()["y"]  # the first stands at the end of its row
    left, right, ground = choice.evaluate(EDGES)
    np.testing.assert_allclose(right, left, rtol=0, atol=20)
    assert np.abs(np.subtract(right, ground)).max() > 24


@pytest.mark.heavy
def test_memory_comes_back_after_large_files(chromium, tmp_path):
    """Uploads of 25 MB, one after the other: each takes the place of the one before, and none is left once it is deleted."""
    process, url = launch(tmp_path / "log.txt")

    def memory() -> float:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmRSS:"))) / 1024

    try:
        page = patient(chromium.new_context().new_page())
        tab, raw = Tab(page, url), large()
        assert LARGE - 10_000 < len(raw) <= LARGE
        tab.visit("/your_network?file=own")
        bring(tab, "small.safetensors", large(40_000))
        page.get_by_text("Shown: small.safetensors").wait_for()
        before = memory()
        for k in range(4):
            bring(tab, f"large-{k}.safetensors", raw)
            page.get_by_text(f"Shown: large-{k}.safetensors").wait_for()
        assert memory() - before < LARGE / 1e6 + GROWS
        page.get_by_role("button", name="Delete from the server").click()
        page.get_by_text("Upload a file").wait_for()
        until(lambda: memory() - before < GROWS, lambda: f"{memory() - before:.0f} MB more than before")
        page.context.close()
    finally:
        process.terminate()
        process.wait(20)
