"""What Streamlit's grid needs so that nothing that is typed into it fast is lost."""

import streamlit as st

from core.server import private
from core.server.paths import base

# The grid ends an entry in a timer that every key sets: if Enter follows a digit at once, as on a page that is busy, the digit's timer ends it, and
# what was typed is dropped (glideapps/glide-data-grid, pull request 1201). So it hears in an open cell only the keys that end an entry. The field
# of an open cell is loaded when the first is opened, and what is typed until it is there is lost too: it is loaded with the page.
_component = st.components.v2.component(
    "gatescope_grid",
    html="<span hidden></span>",
    css=".st-key-grid { display: none; }",  # else it takes a gap between two elements
    js="""
const ENDS = ["Enter", "Tab", "Escape"];
const keep = (event) => {
  if (!ENDS.includes(event.key) && event.target.closest?.("#portal .gdg-clip-region")) event.stopPropagation();
};
export default function ({ data }) {
  if (data.field) import(new URL(data.field, location.origin).href).catch(() => {}); // the grid asks for it again
  addEventListener("keydown", keep, true);
  return () => removeEventListener("keydown", keep, true);
}
""",
    isolate_styles=False,
)


def careful() -> None:
    """Once on a page that has an `st.data_editor`."""
    _component(data={"field": private.GRID_FIELD and base() + private.GRID_FIELD}, key="grid")
