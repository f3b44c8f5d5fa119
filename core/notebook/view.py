"""A view: one HTML file that steps through a reading, in the cell of a notebook or saved."""

import base64
import html
from dataclasses import dataclass
from pathlib import Path

LONGEST_URL = 2_000_000  # characters that every browser takes in a data: address
HEIGHT = 720  # px of the frame in a notebook


@dataclass(frozen=True)
class View:
    """page: the whole file. Jupyter, VS Code and Colab draw it by `_repr_html_`, in a frame of its own."""

    page: str
    height: int = HEIGHT

    def _repr_html_(self) -> str:
        """The file as a frame that may run its script and save files, and reach nothing of the notebook around it."""
        return (
            f'<iframe srcdoc="{html.escape(self.page)}" sandbox="allow-scripts allow-downloads" title="Gatescope" '
            f'style="width: 100%; height: {self.height}px; border: 0"></iframe>'
        )

    def save(self, path: str | Path) -> Path:
        """Writes the file, which any browser opens, also offline. Gives its path."""
        path = Path(path)
        path.write_text(self.page, encoding="utf-8")
        return path

    @property
    def url(self) -> str:
        """The whole view as an address (data:), to be put into a browser. ValueError where it is longer than browsers take."""
        found = "data:text/html;base64," + base64.b64encode(self.page.encode()).decode()
        if len(found) > LONGEST_URL:
            raise ValueError(f'url: got {len(found):,} characters, and browsers take {LONGEST_URL:,}: use save("view.html")')
        return found
