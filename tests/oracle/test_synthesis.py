"""The speaking models beside torch, and the check of their cards."""

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from core.applications.synthesis.model import frames
from core.applications.synthesis.train import Network
from core.models import catalogue, load
from core.models.cards import FOLDER
from core.training.__main__ import main

NAMES = [name for name, card in catalogue().items() if card.task == "synthesis"]


@pytest.mark.parametrize("name", NAMES)
def test_a_speaker_says_what_torch_says(name):
    model = load(name)
    reading = model.run("2024, hello world", limit=None)
    net = Network(model.card.cell)
    net.load_state_dict({k: torch.tensor(v) for k, v in load_file(FOLDER / f"{name}.safetensors").items()})
    net.eval()
    ids, numbers = frames(reading.row)
    with torch.no_grad():
        said = net(torch.from_numpy(ids)[None], torch.from_numpy(numbers)[None])[0]
    np.testing.assert_allclose(reading.outputs, said.numpy(), atol=2e-3)


@pytest.mark.heavy
def test_check_confirms_the_cards(tmp_path, capsys):
    from core.applications.synthesis import data as synthesis

    synthesis.fetch(tmp_path)
    assert main(["--check", *NAMES, "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert all(f"{name}: agrees" in said for name in NAMES)


def test_without_the_recordings_the_check_says_so(tmp_path, capsys):
    assert main(["--check", *NAMES, "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.count("not checked") == len(NAMES)
    assert "asterisk-core-sounds-en-wav" in said
