"""Whole files with bytes changed, cut, doubled or moved: each becomes a ModelFile or is Refused, and nothing else happens."""

import zipfile
from functools import cache
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.upload import LIMITS, ModelFile, Refused, hdf5, inputs, opened
from tests.unit.upload.files import npy, parts, valid, zipped

CHANGES = ("flip", "set", "cut", "drop", "double", "swap", "insert")
CHANGE = st.tuples(st.sampled_from(CHANGES), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True), st.integers(0, 255))


def changed(data: bytes, changes: list[tuple[str, float, float, int]]) -> bytes:
    """data after some changes at places given as shares of its length."""
    for what, first, second, byte in changes:
        a, b = sorted((int(first * len(data)), int(second * len(data))))
        if not data:
            break
        if what == "flip":
            data = data[:a] + bytes([data[a] ^ (1 << byte % 8)]) + data[a + 1 :]
        elif what == "set":
            data = data[:a] + bytes([byte]) + data[a + 1 :]
        elif what == "cut":
            data = data[:b]
        elif what == "drop":
            data = data[:a] + data[min(b, a + byte) :]
        elif what == "double":
            data = data[:b] + data[max(a, b - byte) : b] + data[b:]
        elif what == "swap":
            data = data[:a] + data[b:] + data[a:b]
        else:
            data = data[:a] + bytes([byte]) * 8 + data[a:]
    return data


def ends(data: bytes, name: str) -> None:
    """That a file is read or refused, and each of its networks too."""
    try:
        file = opened(data, name)
    except Refused as error:
        assert str(error)
        return
    assert isinstance(file, ModelFile)
    for one in file.found:
        try:
            file.network(one.name, **{option: choices[0] for option, choices in one.asks.items()})
            assert not one.refused
        except Refused as error:
            assert one.refused == str(error)


LIGHT = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
FEW = settings(LIGHT, max_examples=10)  # each starts a process
IN_PROCESS = [name for name in valid() if not name.endswith((".keras", ".h5", ".pth"))]  # .pth is .pt


@pytest.mark.parametrize("name", IN_PROCESS)
@LIGHT
@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_a_changed_file(name, changes):
    ends(changed(valid()[name], changes), name)


@FEW
@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_a_changed_file_of_hdf5(changes):
    ends(changed(valid()["model.h5"], changes), "model.h5")


@pytest.mark.parametrize("name", [name for name in IN_PROCESS if valid()[name].startswith(b"PK")])
@LIGHT
@given(st.data())
def test_a_zip_with_a_changed_member(name, data):
    """The checksums of the zip are right, so that what reads its members sees the change."""
    inside = parts(valid()[name])
    member = data.draw(st.sampled_from(sorted(inside)))
    inside[member] = changed(inside[member], data.draw(st.lists(CHANGE, min_size=1, max_size=3)))
    ends(zipped(inside, data.draw(st.sampled_from((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))), name)


@LIGHT
@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_a_changed_configuration_of_keras(changes):
    """With weights that are whole and read once: a process for each example would take long."""
    inside = parts(valid()["model.keras"])
    store = weights()
    with patch.object(hdf5, "opened", lambda data, most: store):
        ends(zipped(inside | {"config.json": changed(inside["config.json"], changes)}), "model.keras")


@cache
def weights() -> hdf5.Store:
    return hdf5.opened(parts(valid()["model.keras"])["model.weights.h5"], LIMITS.unpacked)


@pytest.mark.parametrize(
    ("name", "data"), [("x.npy", npy([[1.0, 2.0], [3.0, 4.0]])), ("x.csv", b"a,b\n1,2.5\n-3e1,4\n")], ids=["npy", "csv"]
)
@LIGHT
@given(changes=st.lists(CHANGE, min_size=1, max_size=4))
def test_a_changed_input(name, data, changes):
    try:
        x, tokens = inputs.table(changed(data, changes), name)
    except Refused as error:
        assert str(error)
    else:
        assert x.ndim == 2
        assert len(tokens) == len(x)


@pytest.mark.parametrize(("name", "data"), [("v.txt", b"the\ncat\n<unk>\n"), ("v.json", b'{"the": 0, "cat": 1}')], ids=["txt", "json"])
@LIGHT
@given(changes=st.lists(CHANGE, min_size=1, max_size=4))
def test_a_changed_vocabulary(name, data, changes):
    try:
        found = inputs.vocabulary(changed(data, changes), name)
    except Refused as error:
        assert str(error)
    else:
        assert all(isinstance(word, str) and row >= 0 for word, row in found.items())
