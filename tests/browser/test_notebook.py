"""A network of one's own outside the app: the saved file with the network off, and the frame in a notebook that Jupyter has run."""

import nbformat
import pytest
import torch
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from core.notebook import show
from tests.axe import axe
from tests.browser.conftest import READY, number
from tests.conftest import ROOT

T, D, H = 6, 3, 4
CELLS = """import torch
from core.notebook import show
torch.manual_seed(0)
show(torch.nn.GRU(3, 4), torch.zeros(6, 3), tokens="a b c d e f".split())"""


@pytest.fixture
def lstm():
    torch.manual_seed(0)
    return torch.nn.LSTM(D, H, num_layers=2, bidirectional=True, batch_first=True)


def shown(tab):
    return number(tab.part("value").inner_text().split(" = ")[1].split(":")[0])


def test_layers_directions_and_sequences(opened, lstm):
    """h of every layer and direction, of two sequences, at the last step as torch has it (the backward one's first)."""
    x = torch.randn(2, T, D, generator=torch.Generator().manual_seed(1))
    tab = opened(show(lstm, x).page)
    first = torch.nn.LSTM(D, H, bidirectional=True, batch_first=True)
    first.load_state_dict({name: value for name, value in lstm.state_dict().items() if "_l0" in name})
    outputs = [first(x)[0].detach(), lstm(x)[0].detach()]
    for b in (0, 1):
        tab.page.get_by_test_id("handout-sequence").select_option(str(b))
        for k, output in enumerate(outputs, 1):
            for way, title in enumerate((f"layer {k}, forward", f"layer {k}, backward (right to left)")):
                tab.page.get_by_role("button", name=title, exact=True).click()
                tab.page.locator(".gs-label:has-text('hidden state')").click()
                tab.page.keyboard.press("End")
                assert shown(tab) == pytest.approx(float(output[b, T - 1, way * H]), abs=0.00051)


def test_a_view_is_accessible_and_fits_a_phone(opened, lstm):
    for width in (1400, 360):
        tab = opened(show(lstm, torch.zeros(2, T, D)).page, width=width)
        assert axe(tab.page) == []
        assert tab.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_notebook_run_by_jupyter_steps_in_its_frame(chromium, tmp_path):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELLS)])
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(ROOT)}}, timeout=120).execute()
    html, _ = HTMLExporter(template_name="basic").from_notebook_node(notebook)
    path = tmp_path / "notebook.html"
    path.write_text(html, encoding="utf-8")
    context = chromium.new_context(offline=True, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(path.as_uri())
    frame = page.frame_locator("iframe[title=Gatescope]")
    frame.locator(READY).wait_for()
    frame.get_by_test_id("stepper-first").click()
    frame.locator(f"{READY}[data-step='0']").wait_for()
    frame.locator(".gs-label:has-text('hidden state')").click()
    torch.manual_seed(0)
    gru = torch.nn.GRU(D, H)
    said = frame.get_by_test_id("stepper-value").inner_text()
    assert number(said.split(" = ")[1].split(":")[0]) == pytest.approx(float(gru(torch.zeros(1, D))[0][0, 0].detach()), abs=0.00051)
    assert not faults
    context.close()
