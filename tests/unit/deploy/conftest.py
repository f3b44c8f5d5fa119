"""Two replicas behind nginx, for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.replicas import Replicas, replicas


@pytest.fixture(scope="package")
def deployed(tmp_path_factory) -> Iterator[Replicas]:
    with replicas(tmp_path_factory.mktemp("deployed")) as made:
        yield made
        faults = [word for k in (0, 1) for word in ("Traceback", "ASGI", "failed: ") if word in (made.folder / f"{k}.txt").read_text()]
        assert not faults, [(made.folder / f"{k}.txt").read_text() for k in (0, 1)]
