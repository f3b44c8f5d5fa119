"""How many of the made digits the recogniser of the page Speech recognition reads: `python -m core.training.synthesis_read` writes the counts.

Read are the digits of the shipped networks, those of the mean frames, the recordings, and digits that a network never heard: two LSTMs are
trained anew, one without 0 2 4 6 8 (and every word that begins like them: *six*, *sixteen*, *sixty*), one without 1 3 5 7 9; each says
what it was not given. The recogniser was not trained on made speech of ours.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from core.models import Speaker, catalogue, load
from core.models.catalogue import build
from core.models.phonemes import DIGITS
from core.models.synthesis import RECORD, averaged, recordings
from core.models.vocoder import log_mel, to_sound

Array = np.ndarray
DATA = Path(__file__).parents[2] / ".data"
Teller = Callable[[int], Array]  # a digit -> its sound (N,)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m core.training.synthesis_read", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=DATA, help="the folder with the prompts (default: .data)")
    parser.add_argument("--held", action="store_true", help="train the two LSTMs for digits never heard; else their counts stay")
    args = parser.parse_args()
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    readers = [name for name, card in catalogue().items() if card.task == "speech"]
    before = record.get("read", {})
    tellers = shipped() | (never_heard(args.data) if args.held else {})
    record["read"] = {name: before.get(name, {}) | {who: counted(tell, name) for who, tell in tellers.items()} for name in readers}
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for name, counts in record["read"].items():
        for who, said in counts.items():
            print(f"{name:14} {who:28} {sum(d == k for k, d in enumerate(said)):2} of {len(said)}  {said}")


def shipped() -> dict[str, Teller]:
    """Who says digits: each shipped network, the mean frames, the recordings as they are and after the way through the vocoder."""
    models = {card.cell: load(name) for name, card in catalogue().items() if card.task == "synthesis"}
    first = next(iter(models.values()))
    return {cell: _by(model) for cell, model in models.items()} | {
        "mean of thirds": lambda k: to_sound(averaged(first.run(DIGITS[k], limit=1).row)),
        "recording": lambda k: recordings()[str(k)],
        "recording, through the vocoder": lambda k: to_sound(log_mel(recordings()[str(k)])),
    }


def never_heard(folder: Path) -> dict[str, Teller]:
    """An LSTM that never heard the digit it says, nor any word that begins like it."""
    from core.training import synthesis
    from core.training.synthesis_data import prompts, splits

    found, models = prompts(folder), {}
    for parity in (0, 1):
        tensors, _ = synthesis.fit("lstm", found, splits(found, tuple(DIGITS[parity::2])), seed=0)
        models[parity] = _by(build(synthesis.blank("lstm", 0), tensors))
    return {"lstm, digit never heard": lambda k: models[k % 2](k)}


def _by(model: Speaker) -> Teller:
    return lambda k: to_sound(model.run(DIGITS[k], limit=None).outputs)


def counted(tell: Teller, reader: str) -> list[int]:
    """What the recogniser called `reader` reads for each digit from 0 to 9; 10 is "no digit"."""
    return [recognised(tell(k), reader) for k in range(10)]


def recognised(sound: Array, reader: str) -> int:
    """The digit that a recogniser reads in a sound (N,) at 8 kHz; 10 if it hears none."""
    from core.models.speech import NONE, NotSpeech, utterance

    try:
        outputs = load(reader).hear(utterance(sound).samples).outputs
    except NotSpeech:
        return NONE
    return int(outputs[-1].argmax())


if __name__ == "__main__":
    main()
