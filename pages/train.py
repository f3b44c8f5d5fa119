"""Train: an RNN, an LSTM or a GRU trained by the reader, in the reader's own browser, with everything open while it learns."""

from functools import partial
from typing import Any

import streamlit as st

from core.cells import CELLS
from core.views import parameters
from core.views.site import frame, texts
from core.views.train import settings, template
from core.views.train.component import trainer
from core.views.train.presets import begun, presets
from core.views.widgets.glossary import prose

part = texts.of("train").part
frame.head("train")
parameters.arrive("train", presets=presets())
preset = presets().get(st.session_state["train_preset"])
start = preset.begun() if preset else begun({}, None)


def afresh(*kept: str) -> None:
    """Every setting begins anew, from the preset that has been chosen or for the task."""
    for key in [key for key in st.session_state if str(key).startswith("train_") and key not in kept]:
        del st.session_state[key]


with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
    titles = {"": part("own"), **{name: each.title for name, each in presets().items()}}
    st.selectbox(part("preset"), titles, format_func=titles.get, key="train_preset", width=330, on_change=afresh, args=("train_preset",))
    every = settings.told().tasks | settings.told().own
    parameters.arrive("train_task", tasks=every, begun=start)
    tasks = {name: each.title for name, each in every.items()}
    st.selectbox(part("task"), tasks, format_func=tasks.get, key="train_task", width=240)
    task = every[st.session_state["train_task"]]
    if task.name != start["task"]:
        start = start | {"length": task.length}
    about: dict[str, Any] = {"begun": start, "task": task.name, "least": task.shortest, "most": task.longest}
    with parameters.arrival("train_setup", **about) as link:
        if link is not None:
            st.session_state["trained_probe"] = {task.name: link.get("probe")}
    st.number_input(
        part("length"),
        task.shortest,
        task.longest,
        key=f"train_length_{task.name}",
        width=110,
        help=part("length help", called=task.called),
    )
    st.selectbox(part("batch"), settings.BATCHES, key="train_batch", width=90, help=part("batch help"))
    st.number_input(part("seed"), 0, settings.MOST_SEED, key="train_seed", width=110, help=part("seed help"))
    st.toggle(part("second"), key="train_second")
prose(preset.question if preset else task.about, "train")
if preset:
    with st.expander(part("measured", updates=f"{preset.updates:,}")):
        st.markdown(preset.told())


def named(key: str, value: Any) -> str:
    """What stands for a value in a list."""
    return part(f"{key} {value}") if key in ("optimiser", "weights") else settings.shown(value)


def chosen(suffix: str) -> dict[str, Any]:
    """The widgets of one network; gives what they say."""
    name = part("second network" if suffix else "first network")
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        cells = {**{cell: cell.upper() for cell in CELLS}, settings.AFTER: part("after")}
        st.segmented_control(name, cells, format_func=cells.get, key=f"train_cell{suffix}", required=True)
        if st.session_state[f"train_cell{suffix}"] == settings.AFTER:
            after = settings.LATER
            st.segmented_control(
                part("later"), after, format_func=after.get, key=f"train_later{suffix}", required=True, help=part("later help")
            )
        st.number_input(part("units"), 1, settings.MOST_UNITS, key=f"train_units{suffix}", width=120)
        st.selectbox(part("rate"), settings.RATES, key=f"train_rate{suffix}", width=130, help=part("rate help"))
        cell = settings.kind({key: st.session_state[f"train_{key}{suffix}"] for key in ("cell", "later")})
        with st.popover(part("more")):
            st.segmented_control(part("layers"), (1, 2), key=f"train_layers{suffix}", required=True)
            choices = {"optimiser": settings.OPTIMISERS, "clip": settings.CLIPS, "weights": settings.INITIAL}
            choices |= {"decay": settings.DECAYS, "truncate": settings.CUTS}
            choices |= dict.fromkeys(("forget_bias", "update_bias"), (settings.AS_TORCH, *settings.BIASES))
            choices |= {"reset": ("after", "before"), "keep": ("z", "1-z")}
            for key, values in choices.items():
                if settings.has(key, cell):
                    st.selectbox(
                        part(key.replace("_", " ")),
                        values,
                        format_func=partial(named, key),
                        key=f"train_{key}{suffix}",
                        help=part(f"{key.replace('_', ' ')} help"),
                    )
    return {key: st.session_state[f"train_{key}{suffix}"] for key in settings.NETWORK}


first = chosen("")
second = chosen(settings.SECOND) if st.session_state["train_second"] else None
networks = settings.networks(first, second, task)
seeds = preset is not None and preset.compares_seeds
setup = {
    "task": task.name,
    "data": {},
    "length": st.session_state[f"train_length_{task.name}"],
    "batch": st.session_state["train_batch"],
    "seed": st.session_state["train_seed"],
    "probe": st.session_state["trained_probe"].get(task.name) or task.probe,
    "networks": networks,
    "until": preset.updates if preset and seeds else None,
}
link = parameters.link("train", presets=presets()) | parameters.link("train_task", begun=start) | parameters.link("train_setup", **about)
trainer(
    setup, template.body(task, networks, part("provenance", seed=setup["seed"])), task, {"text": None, "model": None, **link}, seeds=seeds
)
