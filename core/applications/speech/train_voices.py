"""Voices made for training: espeak-ng and flite say the digits, and words that are none.

The English of espeak-ng's other languages is what their speakers make of the words as they are written here: accents, not translations.
"""

import ctypes
import random
import shutil
import subprocess
import sys
import tempfile
import wave
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr
from tqdm import tqdm

from core.applications.speech import data as speech
from core.applications.speech.data import Clip
from core.applications.speech.model import RATE
from core.cells.arrays import Array

WORDS = {  # a language of espeak-ng, and how the digits are written for it
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    "de": ("siro", "wonn", "tuh", "sri", "foar", "faiw", "ssicks", "ssewen", "eet", "nein"),
    "fr": ("ziro", "ouane", "tou", "sri", "faure", "faïve", "sixe", "sévène", "eïte", "naïne"),
    "nl": ("ziero", "wan", "toe", "srie", "foor", "faaif", "siks", "seven", "eet", "najn"),
    "es": ("sirou", "uan", "tu", "zri", "for", "faiv", "siks", "seven", "eit", "nain"),
    "it": ("ziro", "uan", "tu", "tri", "for", "faiv", "sics", "seven", "eit", "nain"),
    "el": ("ζίροου", "ουάν", "του", "θρι", "φορ", "φάιβ", "σιξ", "σέβεν", "έιτ", "νάιν"),
    "pl": ("ziroł", "łan", "tu", "sri", "for", "fajw", "syks", "sewen", "ejt", "najn"),
    "pt": ("zirou", "uã", "tu", "tri", "for", "faivi", "sics", "séven", "eiti", "nain"),
}
ENGLISH = ("en-us", "en", "en-gb-scotland", "en-gb-x-rp", "en-029", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc")
VARIANTS = [f"m{k}" for k in range(1, 9)] + [f"f{k}" for k in range(1, 6)] + [f"klatt{k}" for k in ("", 2, 3, 5)]
VARIANTS += [
    "adam",
    "Alex",
    "Andy",
    "Denis",
    "Gene",
    "Lee",
    "Marco",
    "Mike",
    "Michael",
    "Reed",
    "ian",
    "iven",
    "john",
    "max",
    "paul",
    "quincy",
]
VARIANTS += [
    "rob",
    "robert",
    "steph",
    "travis",
    "victor",
    "zac",
    "Annie",
    "Alicia",
    "linda",
    "belinda",
    "aunty",
    "grandma",
    "grandpa",
    "edward",
]
NO_DIGIT = (  # no rhymes such as fine, more, free, heaven: near to a digit they cost more digits than they teach to refuse
    "yes no hello goodbye stop go left right up down house dog cat water music table window paper finger fast wonder what where ten eleven twelve "
    "twenty hundred thousand half double plus minus apple orange monday friday august november red green blue yellow maybe please thanks okay "
    "again mother father school computer memory network letter alpha bravo charlie delta echo hotel india quebec yankee ah oh em wow hmm"
)
STYLES, MANNERS, FLITE = 160, 30, ("kal16", "awb", "rms", "slt")


@cache
def made(folder: Path) -> list[Clip]:
    """Clips of made voices: every digit by each style, and words that are none. FileNotFoundError for an absent package.

    The words, voices and manners are the same each time; of espeak-ng’s samples 6 % differ a little from process to process.
    """
    if missing := [name for name in (speech.ESPEAK, *speech.FLITE) if not (folder / name).exists()]:
        raise FileNotFoundError(f"{folder} lacks {', '.join(missing)}")
    rng, found = random.Random(0), []
    with tempfile.TemporaryDirectory() as place:
        engine = Espeak(folder, Path(place))
        for k in tqdm(range(STYLES), desc="espeak-ng", unit="voice"):
            family = "en" if k % 2 else rng.choice(list(WORDS)[1:])
            english, variant, manner = rng.choice(ENGLISH), rng.choice(VARIANTS), (rng.randint(120, 240), rng.randint(15, 85))
            voice = f"{english if family == 'en' else family}+{variant}"
            found += [Clip(engine.say(word, voice, *manner), digit, voice, k, word) for digit, word in enumerate(WORDS[family])]
            voice = f"{english}+{variant}"
            found += [Clip(engine.say(word, voice, *manner), -1, voice, k, word) for word in rng.sample(NO_DIGIT.split(), 8)]
        program = _flite(folder, Path(place))
        for k, voice in enumerate(tqdm(FLITE * MANNERS, desc="flite", unit="voice")):
            prosody = {"duration_stretch": rng.uniform(0.75, 1.3), "f0_shift": rng.uniform(0.75, 1.3)}
            said = [*enumerate(WORDS["en"]), *((-1, word) for word in rng.sample(NO_DIGIT.split(), 4))]
            found += [Clip(program(word, voice, prosody), digit, voice, k, word) for digit, word in said]
    return found


class Espeak:
    """The library of the wheel, unpacked below `place`, called without sound card: 16-bit samples come through a callback."""

    def __init__(self, folder: Path, place: Path):
        with zipfile.ZipFile(folder / speech.ESPEAK) as wheel:
            wheel.extractall(place)
        home = place / "espeakng_loader"
        self.library = ctypes.CDLL(str(home / "libespeak-ng.so.1"))
        rate = self.library.espeak_Initialize(2, 0, str(home).encode(), 0)  # 2: synchronous, samples to the callback
        if rate <= 0:
            raise OSError(f"espeak-ng: could not be started, error {rate}")
        self.rate = rate
        self.heard: list[Array] = []
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        self.callback = kind(self._take)
        self.library.espeak_SetSynthCallback(self.callback)

    def _take(self, samples: Any, count: int, _: object) -> int:
        if count > 0:
            self.heard.append(np.ctypeslib.as_array(samples, (count,)).copy())
        return 0

    def say(self, text: str, voice: str, rate: int, pitch: int) -> np.ndarray:
        """Samples (N,) at 8 kHz. ValueError for a voice that is not there."""
        self.heard.clear()
        if self.library.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(f"voice: got {voice!r}, which espeak-ng does not have")
        self.library.espeak_SetParameter(1, rate, 0)  # words a minute
        self.library.espeak_SetParameter(3, pitch, 0)  # 0 to 100
        raw = text.encode()
        self.library.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, 1, 0, 1, None, None)
        whole = np.concatenate(self.heard).astype(np.float32) / 32768
        return soxr.resample(whole, self.rate, RATE)


def _flite(folder: Path, place: Path) -> Callable[[str, str, dict[str, float]], Array]:
    """flite's program, unpacked from the Debian packages: (word, voice, settings) -> samples (N,) at 8 kHz."""
    dpkg = shutil.which("dpkg") or sys.exit("flite's packages are unpacked with dpkg, which is not here")
    for name in speech.FLITE:
        subprocess.run([dpkg, "-x", str(folder / name), str(place / "flite")], check=True)
    libraries, out = next((place / "flite/usr/lib").glob("*-linux-gnu")), place / "said.wav"

    def say(word: str, voice: str, manner: dict[str, float]) -> np.ndarray:
        settings = [part for name, value in manner.items() for part in ("--setf", f"{name}={value:.3f}")]
        program = [str(place / "flite/usr/bin/flite"), "-voice", voice, *settings, "-t", word, "-o", str(out)]
        subprocess.run(program, check=True, env={"LD_LIBRARY_PATH": str(libraries)})
        with wave.open(str(out)) as file:
            rate, whole = file.getframerate(), np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768
        return soxr.resample(whole, rate, RATE)

    return say
