"""How many of the made digits the recogniser of the page Speech recognition reads: `python -m core.applications.synthesis.train_recognised` writes the counts.

Read are the digits of the shipped networks, those of the mean frames, the recordings, and digits that a network never heard: with --held two
LSTMs are trained anew, one without 0 2 4 6 8 (and every word that begins like them: *six*, *sixteen*, *sixty*), one without 1 3 5 7 9; each
says what it was not given, and its frames are kept in assets/data/synthesis.unheard.safetensors.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from core.applications.synthesis.model import RECORD, UNHEARD, Speaker, averaged, recordings, unheard
from core.applications.synthesis.phonemes import DIGITS
from core.applications.synthesis.vocoder import log_mel, to_sound
from core.cells import of_kind
from core.cells.arrays import Array
from core.models import catalogue, load
from core.models.catalogue import build

DATA = Path(__file__).parents[3] / ".data"
Teller = Callable[[int], Array]  # a digit -> its sound (N,)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.applications.synthesis.train_recognised", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the prompts (default: .data)")
    parser.add_argument("--held", action="store_true", help="train the two LSTMs for digits never heard")
    args = parser.parse_args()
    if args.held:
        never_heard(args.data)
    readers = [name for name, card in catalogue().items() if card.task == "speech"]
    found = {name: {who: counted(tell, name) for who, tell in shipped().items()} for name in readers}
    RECORD.write_text(json.dumps(json.loads(RECORD.read_text(encoding="utf-8")) | {"read": found}, indent=1) + "\n", encoding="utf-8")
    for name, counts in found.items():
        for who, said in counts.items():
            print(f"{name:14} {who:32} {sum(d == k for k, d in enumerate(said)):2} of {len(said)}  {said}")


def shipped() -> dict[str, Teller]:
    """Who says digits: each shipped network, the mean frames, the recordings as they are and after the way through the vocoder."""
    models = {card.cell: of_kind(Speaker, load(name)) for name, card in catalogue().items() if card.task == "synthesis"}
    first = next(iter(models.values()))
    return {cell: _by(model) for cell, model in models.items()} | {
        "mean of thirds": lambda k: to_sound(averaged(first.run(DIGITS[k], limit=1).row)),
        "lstm that never heard the digit": lambda k: to_sound(unheard()[str(k)]),
        "recording": lambda k: recordings()[str(k)],
        "recording, through the vocoder": lambda k: to_sound(log_mel(recordings()[str(k)])),
    }


def never_heard(folder: Path) -> None:
    """Writes the frames of each digit as an LSTM says it that never heard it, nor any word that begins like it."""
    from core.applications.synthesis import train as synthesis
    from core.applications.synthesis.train_data import prompts, splits

    found = prompts(folder)
    said: dict[str, NDArray[np.float16]] = {}
    for parity in (0, 1):
        tensors, _ = synthesis.fit("lstm", found, splits(found, tuple(DIGITS[parity::2])), seed=0)
        model = of_kind(Speaker, build(synthesis.blank("lstm", 0), tensors))
        said |= {str(k): np.maximum(model.run(DIGITS[k], limit=None).outputs, 0).astype(np.float16) for k in range(parity, 10, 2)}
    save_file(said, UNHEARD)


def _by(model: Speaker) -> Teller:
    return lambda k: to_sound(model.run(DIGITS[k], limit=None).outputs)


def counted(tell: Teller, reader: str) -> list[int]:
    """What the recogniser called `reader` reads for each digit from 0 to 9; 10 is "no digit"."""
    return [recognised(tell(k), reader) for k in range(10)]


def recognised(sound: Array, reader: str) -> int:
    """The digit that a recogniser reads in a sound (N,) at 8 kHz; 10 if it hears none."""
    from core.applications.speech.model import NONE, NotSpeech, SpeechModel, utterance

    try:
        outputs = of_kind(SpeechModel, load(reader)).hear(utterance(sound).samples).outputs
    except NotSpeech:
        return NONE
    return int(outputs[-1].argmax())


if __name__ == "__main__":
    main()
