"""python -m tests.wasm: compiles assets/train/engine/simd.ts into wasm.js beside it, which carries it as text."""

import base64
import tempfile
from pathlib import Path

from tests import node

ENGINE = node.ROOT / "assets" / "train" / "engine"
WRITTEN = ENGINE / "wasm.js"
OPTIONS = "-O3 --noAssert --enable simd --runtime stub --importMemory --noExportMemory"


def compiled() -> bytes:
    """The module that AssemblyScript makes of simd.ts. Raises ValueError with its messages where it does not."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "simd.wasm"
        compiler = "tests/js/node_modules/assemblyscript/bin/asc.js"
        done = node.run(compiler, "assets/train/engine/simd.ts", *OPTIONS.split(), "--outFile", str(to))
        if done.returncode:
            raise ValueError(done.stderr)
        return to.read_bytes()


def script(module: bytes) -> str:
    """wasm.js: the module as base64, in lines."""
    text = base64.b64encode(module).decode()
    lines = " +\n".join(f'  "{text[start : start + 112]}"' for start in range(0, len(text), 112))
    return f"// simd.ts, compiled: `python -m tests.wasm` writes this.\nexport const WASM =\n{lines};\n"


if __name__ == "__main__":
    node.install()
    WRITTEN.write_text(script(compiled()), encoding="utf-8")
