"""Sound to log-mel frames and back. NumPy only; librosa computes the same in the tests.

A frame is 32 ms of sound (256 samples at 8 kHz under a Hann window), one every 10 ms, as the power in 40 bands that are equally wide in mel
(Slaney's scale and norm, as librosa's default), in dB above a floor. Going back, the bands are spread over the 129 frequencies by
non-negative least squares, and the phase that was lost is found by Griffin & Lim's iteration (1984) with momentum (Perraudin, Balazs &
Søndergaard 2013).
"""

import io
import wave
from functools import cache

import numpy as np
from numpy.typing import NDArray

from core.cells.arrays import Array

RATE, HOP, WINDOW, BANDS = 8000, 80, 256, 40
FLOOR = 1e-6  # the power that counts as 0 dB: about that of the quiet between the words
MOMENTUM, ROUNDS = 0.99, 40
BLOCK = 48  # frames: they stay in the processor's cache, and BLAS starts no threads for products so small, which would wait for each other


@cache
def filters() -> Array:
    """The weight of each frequency in each band, (40, 129): triangles of equal area, equally spaced in mel from 0 to 4,000 Hz."""
    corners = hertz(np.linspace(0, mel(RATE / 2), BANDS + 2))  # (42,)
    bins = np.arange(WINDOW // 2 + 1) * RATE / WINDOW
    rising = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    found = np.maximum(0, np.minimum(rising, falling)) * 2 / (corners[2:] - corners[:-2])[:, None]
    found.flags.writeable = False
    return found


def mel(frequency: float) -> float:
    """Slaney's mel of a frequency in Hz: linear to 1,000 Hz, from there on logarithmic."""
    return frequency * 3 / 200 if frequency < 1000 else 15 + 27 * np.log(frequency / 1000) / np.log(6.4)


def hertz(mels: Array) -> Array:
    """The frequencies of mels, in Hz."""
    return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp(np.log(6.4) / 27 * (np.maximum(mels, 15) - 15)))


def centres() -> Array:
    """The middle frequency of each band in Hz, (40,)."""
    return hertz(np.linspace(0, mel(RATE / 2), BANDS + 2))[1:-1]


@cache
def _window() -> Array:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


def spectrum(sound: Array) -> NDArray[np.complexfloating]:
    """Complex spectrum (T, 129) of sound (N,): T = 1 + N // 80 frames, the first centred on the first sample, silence beyond the ends."""
    return np.fft.rfft(_frames(np.pad(sound, WINDOW // 2)) * _window())


def _frames(sound: Array) -> Array:
    """Views (T, 256) of sound, one every 80 samples."""
    return np.lib.stride_tricks.sliding_window_view(sound, WINDOW)[::HOP]


def unspectrum(spectra: NDArray[np.complexfloating]) -> Array:
    """The sound (80 (T - 1),) whose spectrum is nearest to `spectra` (T, 129) in the least-squares sense."""
    frames = np.fft.irfft(spectra, WINDOW)  # (T, 256)
    frames *= _window()
    sound = _overlapped(frames)
    sound /= np.maximum(_overlapped(np.broadcast_to(_window() ** 2, frames.shape)), 1e-8)
    return sound[WINDOW // 2 : len(sound) - WINDOW // 2]


def _overlapped(frames: Array) -> Array:
    """The sum (80 (T - 1) + 256,) of frames (T, 256) of which each begins 80 samples after the one before."""
    T, parts = len(frames), -(-WINDOW // HOP)
    rows = np.zeros((T + parts - 1, HOP))
    for k in reversed(range(parts)):  # the k-th 80 samples of frame t stand in row t + k
        part = frames[:, k * HOP : (k + 1) * HOP]
        rows[k : k + T, : part.shape[1]] += part
    return rows.ravel()[: (T - 1) * HOP + WINDOW]


def log_mel(sound: Array) -> Array:
    """Log-mel frames (T, 40) of sound (N,) between -1 and 1, in dB above the floor, at least 0."""
    return levels(np.abs(spectrum(sound)) ** 2 @ filters().T)


def levels(power: Array) -> Array:
    """Power as dB above the floor, at least 0."""
    return 10 * np.log10(np.maximum(power, FLOOR) / FLOOR)


def power(frames: Array) -> Array:
    """The power that dB above the floor stand for."""
    return FLOOR * 10 ** (np.asarray(frames, float) / 10)


def magnitudes(wanted: Array, rounds: int = 60) -> Array:
    """Spectral magnitudes (T, 129), none negative, whose power in the bands is as near as can be to `wanted` (T, 40).

    Each frame is scaled to its loudest band and the least-squares problem solved by projected gradient with Nesterov's momentum; it has
    many solutions, and the start decides which: what the pseudo-inverse gives, negative numbers cut off.
    """
    scale = wanted.max(axis=1, keepdims=True, initial=FLOOR)
    norms = np.linalg.norm(filters(), axis=1)
    bank = filters() / norms[:, None]
    wanted = (wanted / scale / norms).astype(np.float32)  # half the time, and far finer than a dB
    down = (bank / np.linalg.norm(bank, 2) ** 2).astype(np.float32)  # the gradient's step
    power = np.maximum(0, wanted @ np.linalg.pinv(bank).T.astype(np.float32))  # (T, 129)
    bank = bank.astype(np.float32)
    for start in range(0, len(wanted), BLOCK):
        part = slice(start, start + BLOCK)
        x = ahead = power[part]
        for k in range(rounds):
            new = ahead @ bank.T
            new -= wanted[part]
            new = ahead - new @ down
            np.maximum(0, new, out=new)
            ahead = new - x
            ahead *= k / (k + 3)
            ahead += new
            x = new
        power[part] = x
    return np.sqrt(power * scale)


def griffin_lim(size: Array, rounds: int = ROUNDS, seed: int = 0) -> Array:
    """Sound (80 (T - 1),) whose spectral magnitudes are near `size` (T, 129). The phase begins at random (`seed`)."""
    if not len(size):
        return np.zeros(0)
    spectra = size * np.exp(2j * np.pi * np.random.default_rng(seed).random(size.shape))
    before, now = np.zeros_like(spectra), np.empty_like(spectra)
    length, frames = np.empty_like(size), np.empty((len(size), WINDOW))  # the rounds share their arrays: fresh ones cost a third more
    weight = np.maximum(_overlapped(np.broadcast_to(_window() ** 2, frames.shape)), 1e-8)
    for _ in range(rounds):
        np.fft.irfft(spectra, WINDOW, out=frames)
        frames *= _window()
        sound = _overlapped(frames)
        sound /= weight
        sound[: WINDOW // 2] = sound[-WINDOW // 2 :] = 0  # beyond the ends is silence
        np.multiply(_frames(sound), _window(), out=frames)
        np.fft.rfft(frames, out=now)
        before *= -MOMENTUM / (1 + MOMENTUM)
        before += now
        spectra, before, now = before, now, spectra
        np.abs(spectra, out=length)
        np.maximum(length, 1e-16, out=length)
        spectra *= np.divide(size, length, out=length)
    return unspectrum(spectra)


def to_sound(frames: Array) -> Array:
    """Sound (80 (T - 1),) between -1 and 1 of log-mel frames (T, 40). What is at the floor is silent."""
    sound = griffin_lim(magnitudes(np.maximum(0, power(frames) - FLOOR)))
    return sound / max(1.0, np.abs(sound).max(initial=0.0))


def wav(sound: Array) -> bytes:
    """A WAV file: 8 kHz, one channel, 16 bits."""
    target = io.BytesIO()
    with wave.open(target, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(np.round(np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    return target.getvalue()


def read_wav(raw: bytes) -> Array:
    """The sound (N,) between -1 and 1 of an 8 kHz WAV file of one channel and 16 bits. ValueError for any other."""
    with wave.open(io.BytesIO(raw)) as source:
        form = source.getframerate(), source.getnchannels(), source.getsampwidth()
        if form != (RATE, 1, 2):
            raise ValueError(f"raw: got {form[0]} Hz, {form[1]} channels, {form[2]} bytes a sample, wanted {RATE}, 1 and 2")
        return np.frombuffer(source.readframes(source.getnframes()), "<i2") / 32768
