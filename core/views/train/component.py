"""The trainer: set up here, trained and drawn in the reader's browser by assets/train. While it runs nothing is sent to the server."""

import json
from typing import Any

import streamlit as st

from core.handout.modules import closure
from core.lessons.schema import TRAIN as TRAINS
from core.server import assets
from core.server.paths import base
from core.typed import cut
from core.views import state
from core.views.lessons import draft
from core.views.site import texts
from core.views.state import Seat
from core.views.train import use
from core.views.train.given import words
from core.views.train.rows import TRAIN
from core.views.train.settings import MOST_SEED, Task, told
from core.views.widgets import incoming

_STYLES = "\n".join((assets.ASSETS / path).read_text(encoding="utf-8") for path in ("stepper/stepper.css", "train/train.css"))
_MODULES = [path for path in closure("train/main.js", "train/worker.js") if path != "train/worker.js"]
_component = st.components.v2.component(
    "gatescope_trainer",
    html=f'<div class="gt-root"><p class="gs-wait">{texts.of("train").part("loading")}</p></div>',
    css=_STYLES,
    js=f"{assets.AHEAD}\nconst AT_ONCE = {json.dumps(_MODULES)};"
    + """
const views = new WeakMap();
export default function (component) {
  const { data, parentElement: host } = component;
  const from = new URL(data.assets, location.origin).href;
  const plotly = from + data.plotly;
  if (!views.has(host)) {
    ahead(from, AT_ONCE);
    const later = (main) => ({ heatmaps: () => main.plotly(plotly), ahead: () => {} });
    views.set(host, import(from + "train/main.js").then((main) => main.open(host, later(main))));
  }
  const given = { ...data, plotly, worker: from + "train/worker.js" };
  views.get(host).then((view) => view.show({ ...component, data: given }), (error) => {
    views.delete(host);
    const again = Object.assign(document.createElement("button"), { textContent: "Try again", onclick: () => location.reload() });
    host.querySelector(".gt-root").replaceChildren(`The trainer could not be loaded (${error.message ?? "no connection"}). `, again);
  });
  return () => {
    views.get(host)?.then((view) => view.close(), () => {});
    views.delete(host);
  };
}
""",
    isolate_styles=False,
)


def trainer(
    setup: dict[str, Any],
    body: dict[str, Any],
    task: Task,
    link: dict[str, str | None],
    level: str = "unit",
    *,
    seeds: bool = False,
    alone: bool = True,
) -> None:
    """Draws the trainer. setup, body: what assets/train/types.d.ts calls Setup and Body; link: what the URL holds beside probe, step, unit …
    seeds: whether Reset takes the next seed, and what each seed reached is listed. alone: not in a lesson, so that a stop of the visitor's
    own lesson can be made of it, and its network used on other pages."""
    own = task.name in told().own
    data = {
        "setup": setup,
        "body": body,
        "words": words(task),
        "link": link,
        "start": None,
        "level": level,
        "assets": assets.url(base()),
        "plotly": assets.plotly(),
        "led": state.of(Seat).nonce,
        "seeds": seeds,
        "own": "data" if own else None,
        "collect": alone and not own,
    }

    def taken() -> None:
        add(task, link, incoming.sent("trainer", "view"))

    _component(data=data, key="trainer", on_view_change=taken, on_seed_change=_next_seed, on_use_change=use.take)
    use.draw()


def add(task: Task, link: dict[str, str | None], view: Any) -> None:
    """Adds what is trained as a stop to the visitor's lesson; what came of it is told. view: {"probe"} from the browser."""
    probe = view.get("probe") if isinstance(view, dict) else None
    said = {name: text for name, text in link.items() if text is not None and name in {row.name for row in TRAIN}}
    if isinstance(probe, str) and probe and probe != task.probe:
        said["probe"] = cut(probe)[:2000]
    title = texts.of("train").part("stop title", task=task.title)
    draft.collect({"title": title[:80], "model": TRAINS, "input": "", "train": said})


def _next_seed() -> None:
    """The browser has taken another seed."""
    seed = incoming.sent("trainer", "seed")
    if isinstance(seed, int) and 0 <= seed <= MOST_SEED:
        st.session_state["train_seed"] = seed
