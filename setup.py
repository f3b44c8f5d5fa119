"""The wheel: `core` becomes the package `gatescope`, and app, pages and assets travel in it. What is not said here is in pyproject.toml."""

import re
import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
APP = [line for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
PLOTS = [line for line in APP if line.startswith("plotly")]
NOT_SHIPPED = ("__pycache__", "readme")  # the README's pictures


class Build(build_py):
    """Writes the tree as it is to be installed: gatescope/ holds what core/ does, and beside that app.py, pages/, assets/ and .streamlit/."""

    def run(self) -> None:
        target = Path(self.build_lib) / "gatescope"
        for folder, name in (("core", "."), ("pages", "pages"), ("assets", "assets")):
            for source in sorted((ROOT / folder).rglob("*")):
                if source.is_file() and not set(NOT_SHIPPED) & set(source.parts):
                    place(source, target / name / source.relative_to(ROOT / folder), in_core=folder == "core")
        for name in ("app.py", "LICENSE", ".streamlit/config.toml"):  # the licence is served beside our modules
            place(ROOT / name, target / name)


def place(source: Path, target: Path, in_core: bool = False) -> None:
    """Copies a file; a module with `core` under its name in the wheel, and a module of core's one folder nearer to the root."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix != ".py":
        shutil.copyfile(source, target)
        return
    text = re.sub(r"\b(from|import) core\b", r"\1 gatescope", source.read_text(encoding="utf-8")).replace('"core.', '"gatescope.')
    if in_core:
        text = re.sub(r"(__file__\)\.parents)\[(\d)\]", lambda found: f"{found[1]}[{int(found[2]) - 1}]", text)
    else:
        text = text.replace("sys.path.insert(0, str(ROOT))", "sys.path.insert(0, str(ROOT.parent))")  # where gatescope itself is
    target.write_text(text, encoding="utf-8")


setup(packages=["gatescope"], package_dir={"gatescope": "core"}, extras_require={"app": APP, "plots": PLOTS}, cmdclass={"build_py": Build})
