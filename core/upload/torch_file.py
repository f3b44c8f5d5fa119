"""Tensors from the bytes of a .pt or .pth file, by torch.load(weights_only=True)."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from core.network.weights import groups
from core.upload.pickled import WAY_OUT, check
from core.upload.refused import MOST_NAMES, Refused
from core.upload.zipped import DAMAGED, members

KINDS = (".pt", ".pth")
MISSING = "PyTorch, which reads .pt files, is not installed here: save the weights as .safetensors or .npz."
DEPTH = 5  # of dicts within dicts


def tensors(data: bytes, most: int) -> dict[str, Any]:
    """The tensors by name, those of dicts within dicts as "outer.inner". most: bytes unpacked. Refused for what is more than weights."""
    if not data.startswith(b"PK"):
        raise Refused(f"The content is not that of torch.save, or of one before torch 1.6: {WAY_OUT}")
    parts = members(data, most)
    if any(re.search(r"(^|/)constants\.pkl$", name) for name in parts):
        raise Refused(f"The file is a TorchScript program, which would run code: {WAY_OUT}")
    roots = [name.removesuffix("data.pkl") for name in parts if name.endswith("/data.pkl") and name.count("/") == 1]
    if len(roots) != 1:
        raise Refused(f"The content is a zip, but not one of torch.save: {WAY_OUT}")
    inside = {name.removeprefix(roots[0]): part for name, part in parts.items() if name.startswith(roots[0])}
    check(inside["data.pkl"], {name.removeprefix("data/"): len(part) for name, part in inside.items() if name.startswith("data/")})
    return _flat(_loaded(inside))


def _loaded(inside: Mapping[str, bytes]) -> Any:
    """What torch makes of the parts that were checked, and of no others: torch reads a zip by another reader than ours."""
    try:
        import torch
    except ImportError:
        raise Refused(MISSING) from None
    repacked = BytesIO()
    with zipfile.ZipFile(repacked, "w") as archive:
        for name, part in inside.items():
            if name in ("data.pkl", "byteorder", "version") or name.startswith("data/"):
                archive.writestr(f"archive/{name}", part)
    repacked.seek(0)
    try:
        return torch.load(repacked, map_location="cpu", weights_only=True)
    except Exception as error:  # of its unpickler, of its zip reader, of tensors
        raise Refused(DAMAGED) from error


def _flat(found: Any) -> dict[str, Any]:
    """Tensors by name; of a checkpoint whose dict "state_dict" (or of another name) alone holds recurrent networks, that one's names."""
    left = MOST_NAMES

    def walk(level: Any, depth: int) -> dict[str, Any]:
        nonlocal left
        left -= len(level)
        if left < 0:
            raise Refused(f"The file holds more than {MOST_NAMES:,} entries: {WAY_OUT}")
        own = {str(name): value for name, value in level.items() if hasattr(value, "detach")}
        if groups(own) or depth == DEPTH:
            return own
        inner = {str(name): walk(value, depth + 1) for name, value in level.items() if isinstance(value, Mapping)}
        holding = [names for names in inner.values() if groups(names)]
        if len(holding) == 1:
            return holding[0]
        return own | {f"{outer}.{name}": value for outer, names in inner.items() for name, value in names.items()}

    return walk(found, 1) if isinstance(found, Mapping) else {}
