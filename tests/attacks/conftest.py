"""A server of its own for each attack, what it costs that server, and where the figures go."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Process, launch

FIGURES = "GATESCOPE_ATTACKS"  # names the file that `python -m tests.attacks` reads
Figure = Callable[..., None]


@dataclass(frozen=True)
class Victim:
    """A server that only this test attacks."""

    process: Process
    url: str
    log: Path

    def _status(self, name: str) -> int:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith(name + ":")))

    @property
    def memory(self) -> float:
        """Resident memory now, MB."""
        return self._status("VmRSS") / 1024

    @property
    def peak(self) -> float:
        """The largest that it has been, MB, since `forget_peak`."""
        return self._status("VmHWM") / 1024

    def forget_peak(self) -> None:
        """Counts the peak from now on."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    @property
    def files(self) -> int:
        """Open file descriptors."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


@pytest.fixture
def victims(tmp_path: Path) -> Iterator[Callable[..., Victim]]:
    """Starts servers to attack: victims(*options, env={…}), as tests.conftest.launch takes them."""
    made: list[Victim] = []

    def start(*options: str, **more: Any) -> Victim:
        folder = tmp_path / f"server-{len(made)}"
        folder.mkdir()
        made.append(Victim(*launch(folder / "log.txt", *options, **more), folder / "log.txt"))
        return made[-1]

    yield start
    for victim in made:
        victim.process.kill()
        victim.process.wait()


@pytest.fixture
def victim(victims: Callable[..., Victim]) -> Victim:
    return victims()


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """figure("peak of one upload, MB", 87.2): one measured number of an attack, printed, and kept where somebody asked for it.

    To be called before what is asserted of it, so that an old server's figures can be had too.
    """

    def keep(what: str, value: float | str) -> None:
        print(f"{what}: {value}")
        if path := os.environ.get(FIGURES):
            with Path(path).open("a", encoding="utf-8") as file:
                file.write(json.dumps({"attack": request.node.name, "what": what, "value": value}, ensure_ascii=False) + "\n")

    return keep
