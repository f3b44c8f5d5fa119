"""The state of a page in its address, where no stepper writes it: the link of a page without one, which a class follows too."""

import streamlit as st

from core.views import state
from core.views.state import Seat

_component = st.components.v2.component(
    "gatescope_address",
    html='<span class="gs-address" hidden></span>',
    js="""
export default function ({ data, parentElement: host }) {
  const root = host.querySelector(".gs-address");
  root.toggleAttribute("data-alone", data.alone);
  root.page = { ...data, path: root.page?.path ?? location.pathname }; // by which a room leads or follows it
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(data.link)) value === null ? url.searchParams.delete(name) : url.searchParams.set(name, value);
  if (location.pathname === root.page.path && url.href !== location.href) history.replaceState(history.state, "", url);
  root.dispatchEvent(new CustomEvent("gatescope:moved", { bubbles: true, detail: { shown: true } }));
}
""",
    isolate_styles=False,
)


def put(link: dict[str, str | None], own: str | None = None, alone: bool = True) -> None:
    """Writes what the page shows into the URL (None: not there). own: what of it cannot be sent to a class, as `State.own` names it.

    alone: whether the page has no stepper. One that is still there, as Streamlit keeps what a run no longer draws until that run ends, writes nothing.
    """
    _component(data={"link": link, "led": state.of(Seat).nonce, "own": own, "alone": alone}, key="address")
