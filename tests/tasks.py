"""What the trainer's tasks draw under node (tests/js/train/drawn.js), as arrays."""

import base64
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from tests import node


def drawn(folder: Path, **asked: Any) -> dict[str, Any]:
    """Runs drawn.js once. asked: see there; a batch comes back with its arrays, (T, B) and for x (T, B, D)."""
    path = folder / "asked.json"
    path.write_text(json.dumps(asked), encoding="utf-8")
    done = node.run("--disable-warning=MODULE_TYPELESS_PACKAGE_JSON", "tests/js/train/drawn.js", OWN=str(path))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout, object_hook=_opened)


def _opened(found: dict[str, Any]) -> Any:
    if set(found) == {"type", "data"}:
        return np.frombuffer(base64.b64decode(found["data"]), found["type"])
    if "lengths" in found and "T" in found:
        shape = (found["T"], found["B"])
        shaped = {name: found[name].reshape(shape) for name in ("ids", "labels", "targets") if found[name] is not None}
        shaped |= {name: found[name].reshape(*shape, -1) for name in ("x", "outputs") if found.get(name) is not None}
        return SimpleNamespace(**found | shaped)
    return found
