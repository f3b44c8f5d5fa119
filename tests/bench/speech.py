"""From a one-second recording to the answer: decoding, trimming, frames, network, beside torch's layer on the same frames."""

import io
import time

import numpy as np
import soundfile
import soxr

from core import torch_side
from core.applications.speech import data
from core.applications.speech import model as sound
from core.applications.speech.recording import decode
from core.models import load
from tests.conftest import ROOT


def report() -> None:
    import torch

    spoken = data.wav((data.EXAMPLES / "7.wav").read_bytes())
    second = np.concatenate((np.zeros(500), spoken, np.zeros(8000)))[: sound.RATE]
    file = io.BytesIO()
    soundfile.write(file, soxr.resample(second, 8000, 48_000), 48_000, format="WAV")
    raw = file.getvalue()
    for name in ("speech-lstm", "speech-gru"):
        model = load(name)
        x = sound.features(sound.utterance(decode(raw)[0]).samples)
        layer, tensor = torch_side.module(model.cell), torch.tensor(x)[:, None]

        def theirs(layer=layer, tensor=tensor) -> None:
            with torch.no_grad():
                layer(tensor)

        parts = {
            "decode 48 kHz": lambda: decode(raw),
            "recognise, all of it": lambda model=model: model.hear(sound.utterance(decode(raw)[0]).samples),
            "our cell alone": lambda model=model, x=x: model.cell.run(x),
            "torch's layer alone": theirs,
        }
        print(
            f"{name}, 1 s of sound, {len(x)} steps: "
            + ", ".join(f"{what} {best(task):.1f} ms" for what, task in parts.items())
            + " (reach: 300 ms)"
        )
    thirty()


def thirty() -> None:
    """The page Speech synthesis with 30 digits: all that a run of the page costs, three sounds among it."""
    from streamlit.testing.v1 import AppTest

    page = AppTest.from_file(str(ROOT / "pages" / "site.py"), default_timeout=120).run().switch_page("synthesis.py").run()
    found = []
    for seed in range(3):  # another text each time: sounds are kept
        digits = " ".join(map(str, np.random.default_rng(seed).integers(0, 10, 30)))
        start = time.process_time()
        page.text_input(key="speak_text").set_value(digits).run()
        found.append(time.process_time() - start)
    start = time.process_time()
    page.run()
    again = time.process_time() - start
    print(f"Speech synthesis, 30 digits: {min(found):.2f} s of CPU, the same text again {again:.2f} s (reach: 1 s)")


def best(task, repeats: int = 20) -> float:
    """Milliseconds of CPU time, the best of several."""
    found = []
    for _ in range(repeats):
        start = time.process_time()
        task()
        found.append(time.process_time() - start)
    return 1000 * min(found)
