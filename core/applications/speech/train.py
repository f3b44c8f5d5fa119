"""The recogniser of spoken digits: how its training sounds are varied at every draw, and one run.

Varied are the length of the vocal tract (the mel filters warped: Jaitly & Hinton 2013), the speed, the silence around, the colour of the
microphone and that of some noise, and what is missing: bands and moments (Park and others 2019). Recorded voices, made voices and sounds that are no digit share each batch.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from core.applications.speech import model as sound
from core.applications.speech.data import Clip
from core.cells.arrays import Array
from core.training import network

HIDDEN, UPDATES, BATCH, RATE, WARM, CLIP, KEEP, DROP, DECAY, SMOOTH = 64, 2500, 64, 8e-3, 0.1, 1.0, 1.0, 0.2, 1e-2, 0.05
SHARES = (0.6, 0.28, 0.12)  # of a batch: recorded digits, made digits, what is no digit
WARPS = np.linspace(0.88, 1.15, 7)
SPEEDS, NOISES, AROUND = (0.7, 1.3), (20.0, 60.0), 12  # noise in dB under the loudest moment; frames of silence before and behind, at most
COLOUR, TILT = 0.9, 4.0  # dB: of a microphone, from band to band and from the lowest to the highest; standard deviations
HOLES, BANDS, FRAMES = 0.25, 5, 7  # how often bands, or frames, are blanked, and how many at most
LATE = 6  # a step's weight in the loss: its place in the utterance, 0 to 1, to this power
AT_ONCE = 8  # batches drawn together and sorted by length, so that little is padded


@dataclass(frozen=True, eq=False)
class Sounds:
    """Utterances one after the other as power in the bands, once for each warp, (warps, frames, BANDS); each one's begin, length and answer."""

    bands: Array
    starts: Array  # (N,)
    lengths: Array  # (N,)
    answers: Array  # (N,)
    kinds: tuple[Array, ...]  # the indices of recorded digits, made digits and what is none

    @classmethod
    def of(cls, *kinds: list[Clip]) -> "Sounds":
        clips = [clip for kind in kinds for clip in kind]
        banks = [sound.filters(warp) for warp in WARPS]
        parts = [sound.power(sound.utterance(clip.samples).samples) for clip in clips]
        parts = [np.stack([part @ bank for bank in banks]) / part.sum(axis=1).max() for part in parts]
        lengths = np.array([part.shape[1] for part in parts])
        answers = np.array([clip.digit if clip.digit >= 0 else sound.NONE for clip in clips])
        ends = np.cumsum([len(kind) for kind in kinds])[:-1]
        return cls(
            np.concatenate(parts, axis=1), np.cumsum(lengths) - lengths, lengths, answers, tuple(np.split(np.arange(len(clips)), ends))
        )


def noises(rng: np.random.Generator, count: int = 300) -> list[Clip]:
    """Noise of all colours, 0.2 to 1.2 s long: in bursts, with a tone, or plain."""
    found = []
    for k in range(count):
        size = int(rng.uniform(0.2, 1.2) * sound.RATE)
        spectrum = np.fft.rfft(rng.standard_normal(size)) * np.maximum(np.fft.rfftfreq(size), 1 / size) ** rng.uniform(-1, 0.5)
        samples = np.fft.irfft(spectrum, size)
        if k % 3 == 0:
            samples *= np.interp(np.arange(size), np.linspace(0, size, 8), rng.uniform(0, 1, 8) ** 3)
        if k % 3 == 1:
            samples += rng.uniform(0, 10) * samples.std() * np.sin(2 * np.pi * rng.uniform(100, 3000) / sound.RATE * np.arange(size))
        found.append(Clip((0.3 * samples / np.abs(samples).max()).astype(np.float32), -1, "noise", k, "noise"))
    return found


def batches(sounds: Sounds, updates: int, seed: int) -> Iterator[tuple[Array, Array, Array]]:
    """x (B, T, D), how many steps of each are its own (B,), answers (B,)."""
    rng = np.random.default_rng(seed)
    whole = BATCH * AT_ONCE
    sizes = [int(share * whole) for share in SHARES[1:]]
    for done in range(0, updates, AT_ONCE):
        chosen = np.concatenate([rng.choice(kind, size) for kind, size in zip(sounds.kinds, (whole - sum(sizes), *sizes), strict=True)])
        frames = np.maximum(
            12, np.round(sounds.lengths[chosen] / np.exp(rng.uniform(math.log(SPEEDS[0]), math.log(SPEEDS[1]), whole))).astype(int)
        )
        parts = np.array_split(np.argsort(frames, kind="stable"), AT_ONCE)
        for k in rng.permutation(AT_ONCE)[: updates - done]:
            yield batch(sounds, rng, chosen[parts[k]], frames[parts[k]])


def batch(sounds: Sounds, rng: np.random.Generator, chosen: Array, frames: Array) -> tuple[Array, Array, Array]:
    """One batch: the utterances `chosen` (B,), each stretched to `frames` (B,) frames."""
    size, lengths = len(chosen), sounds.lengths[chosen]
    before, behind = rng.integers(0, AROUND, (2, size))
    ends = before + frames + behind
    t = np.arange(ends.max())
    place = (t - before[:, None]) * ((lengths - 1) / (frames - 1))[:, None]  # (B, T)
    low = np.clip(place.astype(int), 0, lengths[:, None] - 2)
    part = np.clip(place - low, 0, 1)[..., None].astype(np.float32)
    rows, warps = sounds.starts[chosen][:, None] + low, rng.integers(0, len(WARPS), size)[:, None]
    x = (1 - part) * sounds.bands[warps, rows] + part * sounds.bands[warps, rows + 1]  # (B, T, BANDS)
    x *= ((t >= before[:, None]) & (t < (before + frames)[:, None]))[..., None]
    colour = np.exp(
        np.cumsum(rng.normal(0, 0.35, (size, sound.BANDS)), axis=1) + rng.normal(0, 1, (size, 1)) * np.linspace(-1.5, 1.5, sound.BANDS)
    )
    heard = np.cumsum(rng.normal(0, COLOUR, (size, sound.BANDS)), axis=1) + rng.normal(0, TILT, (size, 1)) * np.linspace(-1, 1, sound.BANDS)
    x *= (10 ** (heard / 10)).astype(np.float32)[:, None]
    level = x.max(axis=(1, 2)) * 10 ** (-rng.uniform(*NOISES, size) / 10)
    noise = (level[:, None] * colour / colour.mean(axis=1, keepdims=True)).astype(np.float32)
    x += noise[:, None] * rng.standard_gamma(2.0, x.shape, np.float32) / 2
    x = 10 * np.log10(np.maximum(x, 1e-12))
    own = (t < ends[:, None])[..., None]
    top = np.where(own, x, -np.inf).max(axis=(1, 2), keepdims=True)
    x = np.maximum(x, top - sound.DEEP)
    each = (x * own).sum(axis=1, keepdims=True) / ends[:, None, None]
    x = np.where(own, x - sound.SHARE * each - (1 - sound.SHARE) * each.mean(axis=2, keepdims=True), 0) / sound.UNIT
    for width, axis in ((BANDS, 2), (FRAMES, 1)):
        first = rng.integers(0, x.shape[axis], size)[:, None]
        last = first + rng.integers(1, width + 1, size)[:, None] * (rng.random((size, 1)) < HOLES)
        at = np.arange(x.shape[axis])
        x = np.where(np.expand_dims((at >= first) & (at < last), 3 - axis), 0, x)
    ends //= sound.STACK
    return sound.steps(x.astype(np.float32))[:, : ends.max()], ends, sounds.answers[chosen]


def fit(cell: str, sounds: Sounds, seed: int, name: str) -> tuple[dict[str, Array], list[tuple[int, float]]]:
    """One run: the tensors as they are shipped, and the loss, the mean of each hundred updates."""
    torch.set_num_threads(1)  # the same result on any machine with the same torch
    torch.manual_seed(seed)
    net = network.Network(cell, 1, sound.STACK * sound.BANDS, HIDDEN, keep=KEEP, outputs=len(sound.LABELS))
    del net.embedding  # numbers are read as they are
    drop, trained = nn.Dropout(DROP), list(net.parameters())
    optimiser = torch.optim.AdamW(trained, lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=UPDATES, pct_start=WARM)
    losses = []
    for x, ends, answers in tqdm(batches(sounds, UPDATES, seed), desc=name, unit="update", total=UPDATES):
        optimiser.zero_grad()
        h, _ = net.cell(torch.from_numpy(x))
        logits = net.readout(drop(h)).transpose(1, 2)  # (B, K, T)
        place = (np.arange(x.shape[1]) + 1) / ends[:, None]
        weights = torch.from_numpy(np.where(place <= 1, place**LATE, 0).astype(np.float32))
        wanted = torch.from_numpy(answers)[:, None].expand(-1, x.shape[1])
        each = cross_entropy(logits, wanted, reduction="none", label_smoothing=SMOOTH)
        loss = (each * weights / weights.sum(dim=1, keepdim=True)).sum(dim=1).mean()
        loss.backward()
        nn.utils.clip_grad_norm_(trained, CLIP)
        optimiser.step()
        schedule.step()
        losses.append(loss.item())
    return net.arrays(), [(k + 100, round(float(np.mean(losses[k : k + 100])), 4)) for k in range(0, UPDATES, 100)]


def budget() -> dict[str, object]:
    """What every run of every cell was given, for the card."""
    return {
        "updates": UPDATES,
        "batch": BATCH,
        "learning_rate": RATE,
        "warm_up": WARM,
        "weight_decay": DECAY,
        "dropout_before_readout": DROP,
        "label_smoothing": SMOOTH,
        "clip": CLIP,
        "keeping_bias_at_first": KEEP,
        "shares_recorded_made_none": SHARES,
        "warps": (float(WARPS[0]), float(WARPS[-1])),
        "speeds": SPEEDS,
        "microphone_dB": (COLOUR, TILT),
        "noise_dB_under_the_loudest": NOISES,
        "loss_weight_of_place_to_the_power": LATE,
    }
