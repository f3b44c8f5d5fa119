"""An experiment for tests and benches, and students who report without training."""

import asyncio
from typing import Any

import numpy as np

from tests.sites import Site

UPDATES = 1000


def network(name: str, cell: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": f"{cell.upper()}, 4 units",
        "architecture": {"cell": cell, "units": 4, "layers": 1, "reset": "after", "keep": "z", "inputs": 10, "outputs": 1, "readout": "logistic"},
        "initial": {"weights": "torch", "forget_bias": 1.0, "update_bias": None},
        "descent": {"optimiser": "adam", "rate": 0.01, "clip": 1.0, "decay": 0.0, "truncate": 0},
    }  # fmt: skip


EXPERIMENT = {
    "title": "Ten words with not",
    "task": "words",
    "length": 30,
    "batch": 32,
    "seed": 7,
    "updates": UPDATES,
    "goal": 0.99,
    "networks": [network("first", "rnn"), network("second", "lstm")],
}
ALONE = EXPERIMENT | {"networks": [network("first", "rnn")]}
RIGHT = {"score": 0.985, "needed": 400, "stopped": None}
DIVERGED = {"score": None, "needed": None, "stopped": 37}


def outcomes(seed: int) -> dict[str, dict[str, Any]]:
    """What the student of a seed reports, by chance: some diverge, some have the second network not done yet."""
    rng = np.random.default_rng(seed)
    found = {}
    for name in ("first", "second")[: 1 + (rng.random() < 0.9)]:
        needed = int(rng.integers(1, UPDATES // 25)) * 25 if rng.random() < 0.6 else None
        right = {"score": round(float(rng.uniform(0.3, 1)), 3), "needed": needed, "stopped": None}
        found[name] = right if rng.random() < 0.9 else DIVERGED
    return found


def histograms(seeds: list[int]) -> dict[str, dict[str, Any]]:
    """What a class with these seeds gives by network, by NumPy's own bins."""
    found: dict[str, dict[str, Any]] = {}
    for name in ("first", "second"):
        all_ = [outcomes(seed)[name] for seed in seeds if name in outcomes(seed)]
        scores = [one["score"] for one in all_ if one["score"] is not None]
        needed = [one["needed"] for one in all_ if one["needed"] is not None]
        found[name] = {
            "name": name,
            "seeds": len(all_),
            "learned": len(needed),
            "stopped": sum(one["stopped"] is not None for one in all_),
            "scores": np.histogram(scores, np.arange(21) / 20)[0].tolist(),
            "needed": np.histogram([updates - 1 for updates in needed], np.arange(21) * (UPDATES // 20))[0].tolist(),
            "score": float(np.median(scores)) if scores else None,
            "updates": float(np.median(needed)) if needed else None,
        }
    return found


async def take_part(site: Site, number: int, voter: str, times: int = 1) -> int:
    """One student: asks for a seed, and reports, `times` times; the seed."""
    path = f"/experiments/{number}"
    found = await site.ask("POST", path + "/seats", {"voter": voter})
    assert found.status_code == 200, found.text
    seed: int = found.json()["seed"]
    for _ in range(times):
        done = await site.ask("POST", path + "/reports", {"voter": voter, "seed": seed, "networks": outcomes(seed)})
        assert done.status_code == 200, done.text
    return seed


async def simulated(site: Site, number: int, voters: range, times: int = 1) -> list[int]:
    """Students who take part all at once; their seeds."""
    return await asyncio.gather(*(take_part(site, number, f"simulated-{k}", times) for k in voters))
