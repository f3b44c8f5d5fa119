"""Train: networks trained in the reader's browser, watched, stepped through, shared, taken away."""

import csv
import io

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from safetensors.numpy import load_file

from core.cells.later import LATER
from core.tasks.mini import WORDS
from core.views.train.settings import LATER as TRAINED
from tests.browser.trainer import READY, part, state, until, updated

PROBE = "good the film was not bad"


@pytest.fixture
def trainer(tab):
    """Opens the page and gives the trainer's parts by name."""

    def opened(**query):
        tab.open("/train", **query)
        tab.page.wait_for_selector(READY)
        return tab

    return opened


def test_ten_words_are_learned_without_a_message(trainer):
    """From Start to 99 % on held-out sentences of 30 words, and nothing is sent to the server meanwhile."""
    tab = trainer()
    tab.href("level=unit")
    before = len(tab.frames)
    assert float(state(tab)["accuracy"]) < 0.9
    part(tab, "start").click()
    until(tab, "accuracy >= 0.99")
    expect(part(tab, "status")).to_contain_text("It has learned this length")
    part(tab, "pause").click()
    until(tab, "running === 'false'")
    assert len(tab.frames) == before
    expect(part(tab, "status")).to_contain_text("right on held-out sequences")
    at = state(tab)["updates"]
    expect(part(tab, "start")).to_be_visible()
    assert state(tab)["updates"] == at
    part(tab, "reset").click()
    until(tab, "updates == 0")
    assert float(state(tab)["accuracy"]) < 0.9


def test_the_present_weights_are_stepped_through(trainer):
    """Every gate of the network as it is now, down to the arithmetic of one number, which agrees with the stepper's own."""
    tab = trainer(level="inside", array="h")
    shown = tab.part("value").inner_text()
    updated(tab, 3)
    expect(tab.part("value")).not_to_have_text(shown)
    part_of = tab.page.locator("[data-testid=stepper]")
    tab.part("first").click()
    tab.at(step=0)
    tab.page.keyboard.press("ArrowRight")
    tab.at(step=1)
    expect(part_of).to_contain_text("σ")
    expect(part_of).to_contain_text("computed in this browser by the network as it is now")


def test_the_same_link_gives_the_same_losses(trainer, tabs):
    first = trainer(task="parity", cell="gru", units=5, seed=7)
    found = updated(first, 5)
    second = tabs()
    second.page.goto(first.href("seed=7"))
    second.page.wait_for_selector(READY)
    again = updated(second, 5)
    assert (found["loss"], found["accuracy"]) == (again["loss"], again["accuracy"])
    third = tabs()
    third.page.goto(first.href("seed=7").replace("seed=7", "seed=8"))
    third.page.wait_for_selector(READY)
    assert updated(third, 5)["loss"] != found["loss"]


def test_another_text_is_read_and_is_in_the_address(trainer):
    tab = trainer()
    field = part(tab, "probe")
    field.fill(PROBE)
    tab.at(steps=6)
    field.fill(PROBE + " zebra")
    expect(tab.page.get_by_text("This cannot be read")).to_be_visible()
    tab.at(steps=6)
    field.fill(PROBE)
    expect(tab.page.get_by_text("This cannot be read")).to_be_hidden()
    tab.href("probe=good+the+film+was+not+bad")
    tab.page.reload()
    tab.page.wait_for_selector(READY)
    expect(field).to_have_value(PROBE)
    tab.at(steps=6)


def by_torch(cell, tensors, x):
    """h of torch's own module with saved weights."""
    module = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM, "gru": torch.nn.GRU}[cell](len(WORDS), 6)
    module.load_state_dict({k.removeprefix("cell."): torch.from_numpy(v) for k, v in tensors.items() if k.startswith("cell.")})
    with torch.no_grad():
        return module(torch.from_numpy(x))[0].numpy()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru", *TRAINED])
def test_the_weights_load_into_torch(trainer, tmp_path, cell):
    """Saved weights give torch's own module the h that the stepper shows; those of a cell after the LSTM, the core's cell."""
    tab = trainer(cell="later", later=cell, units=6, probe=PROBE) if cell in LATER else trainer(cell=cell, units=6, probe=PROBE)
    tab.at(steps=6)
    updated(tab, 2)
    with tab.page.expect_download() as download:
        part(tab, "weights-1").click()
    path = tmp_path / "weights.safetensors"
    download.value.save_as(path)
    tensors = load_file(path)
    x = np.eye(len(WORDS), dtype=np.float32)[[WORDS.index(word) for word in PROBE.split()]]
    if cell in LATER:
        h = LATER[cell](**{name: tensors[f"cell.{name}_l0"] for name in LATER[cell].SHAPES}).run(x).h
    else:
        h = by_torch(cell, tensors, x)
    tab.page.get_by_role("button", name="hidden state").first.click()
    tab.at(array="h")
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name="save CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))[1:]
    shown = np.array([[float(value) for value in row[2:]] for row in rows])
    assert np.abs(shown - h).max() < 1e-6


def test_a_run_that_explodes_says_so_and_begins_anew(trainer):
    tab = trainer(task="adding", cell="rnn", optimiser="sgd", rate=10, clip=0, units=16)
    part(tab, "start").click()
    expect(part(tab, "status")).to_contain_text("no longer a finite number")
    expect(part(tab, "start")).to_be_disabled()
    part(tab, "reset").click()
    expect(part(tab, "start")).to_be_enabled()
    until(tab, "updates == 0")


def test_two_networks_see_the_same_budget(trainer):
    tab = trainer(second=1, cell="rnn", cell_2="lstm", level="all")
    updated(tab, 2)
    expect(part(tab, "status")).to_contain_text("RNN, 4 units: ")
    expect(part(tab, "status")).to_contain_text("LSTM, 4 units: ")
    for name in ("first-h", "second-f", "second-h"):
        expect(tab.part(f"panel-{name}")).to_be_visible()


def test_the_figures_that_are_folded(trainer):
    """They are drawn once they are opened."""
    tab = trainer()
    updated(tab, 1)
    for name in ("lengths", "gradients", "gates", "weights"):
        chart = part(tab, name).locator(".main-svg").first
        expect(chart).to_be_hidden()
        part(tab, name).locator("summary").click()
        expect(chart).to_be_visible()


def test_with_the_keyboard_alone(trainer):
    tab = trainer()
    part(tab, "start").focus()
    tab.page.keyboard.press("Enter")
    until(tab, "updates > 20")
    part(tab, "pause").focus()
    tab.page.keyboard.press("Space")
    until(tab, "running === 'false'")
    expect(part(tab, "start")).to_be_visible()


def test_in_the_background_nothing_is_drawn_and_it_is_said(trainer):
    """What the page says when its tab is hidden stays for a while after it is shown again; all that was trained is drawn then."""
    tab = trainer()
    tab.page.evaluate("""() => { let hidden = false;
        Object.defineProperty(document, "hidden", { get: () => hidden });
        window.turn = (away) => { hidden = away; document.dispatchEvent(new Event("visibilitychange")); }; }""")
    tab.page.evaluate("turn(true); turn(false)")
    expect(part(tab, "away")).to_be_hidden()  # nothing runs
    part(tab, "start").click()
    until(tab, "updates > 20")
    tab.page.evaluate("turn(true)")
    expect(part(tab, "away")).to_contain_text("training goes on, perhaps more slowly")
    before = int(state(tab)["updates"])
    tab.page.evaluate("turn(false)")
    until(tab, f"updates > {before}")
    part(tab, "pause").click()
    until(tab, "running === 'false'")
    tab.page.evaluate("turn(true)")
    expect(part(tab, "away")).to_be_hidden()


def test_a_set_up_becomes_a_stop_of_a_lesson(trainer):
    """From *Train* with the sequence that is read into the lesson, and from the lesson back to *Train*."""
    tab = trainer(task="parity", units=3)
    field = part(tab, "probe")
    field.fill("1 0 1")
    tab.at(steps=3)
    tab.part("add").click()
    expect(tab.page.get_by_text("This is now stop 1 of your lesson.")).to_be_visible()
    tab.page.locator(".gs-nav").get_by_role("link", name="Make a lesson", exact=True).click()
    expect(tab.page.get_by_text("Train · task parity, units 3, probe 1 0 1")).to_be_visible()
    tab.page.get_by_role("button", name="Start the lesson").click()
    expect(field).to_have_value("1 0 1")
    tab.at(steps=3)
    updated(tab, 1)
    tab.page.locator(".gs-ways").get_by_role("link", name="Train", exact=True).click()
    tab.href("units=3")
    expect(tab.page.get_by_role("heading", name="Train", exact=True)).to_be_visible()
    expect(field).to_have_value("1 0 1")
