"""Hostile states: what a browser may say of a page's widgets that no honest one says."""

import random
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from tests.attacks.links import FOREIGN

SAID: dict[str, tuple[Any, ...]] = {
    "string_value": ("", "x" * 30_000, "\u2028", "nope", f"![]({FOREIGN})", "\x00", "9" * 5000),
    "string_array_value": ([], ["nope"], ["nope"] * 1000, [""]),
    "double_array_value": ([], [float("inf")], [float("nan")], [1e300, 2], [-1e308, 1e308], [1.5] * 1000),
    "int_array_value": ([], [99], [-1] * 1000),
    "int_value": (-5, 2**62, -(2**62)),
    "double_value": (float("nan"), float("inf"), -1e308),
    "bool_value": (True, False),
    "bytes_value": (b"\xff" * 100,),
    "string_trigger_value": ("nope", "", "x" * 30_000),
    "json_value": (
        "null", "1", '"x"', "[]", "{", "[" * 3000, "[" * 900 + "]" * 900, '{"view":' * 3000, '{"view":' * 900 + "1" + "}" * 900, '{"view":[],"parity":{}}',
        '{"view":{"step":1e400,"unit":NaN,"array":{},"level":[]},"parity":[1]}', '{"view":{"step":-1,"unit":"99","array":"zz-h","level":"none"}}',
        '{"view":{"step":' + "9" * 5000 + ',"unit":0,"array":"h","level":"all"}}', '{"view":{"step":"' + "9" * 5000 + '","unit":0,"array":"h","level":"all"}}',
        '{"view":{"step":0,"unit":0,"array":"' + "x" * 100_000 + '","level":"\\ud800"}}', '{"view":{"step":0,"unit":0,"array":"h","level":"all"}}',
    ),
    "json_trigger_value": ("null", "[", "[" * 3000, '[{"event":"view","value":1}]', '[{"event":[],"value":{}}]', "[1,2]", '"x"'),
}  # fmt: skip


def said(rng: random.Random, at: AppTest) -> WidgetStates:
    """Something about every widget of the page: mostly of the widget's own kind, and few of the buttons."""
    found = WidgetStates()
    for key, about in sorted(at._session_state._state._new_widget_state.widget_metadata.items()):  # AppTest has no public list of all
        kind = about.value_type if rng.random() < 0.7 else rng.choice(sorted(SAID))
        if kind == "trigger_value" and rng.random() < 0.1:
            found.widgets.add(id=key, trigger_value=True)
        if kind in SAID:
            found.widgets.append(state(key, kind, rng.choice(SAID[kind])))
    return found


def state(key: str, kind: str, value: Any) -> WidgetState:
    """A widget's value on the wire."""
    found = WidgetState(id=key)
    field = getattr(found, kind)
    if kind.endswith("array_value"):
        field.data.extend(value)
        field.SetInParent()
    elif kind == "string_trigger_value":
        field.data = value
    else:
        setattr(found, kind, value)
    return found
