"""Home: what this is, a sentence that is being read, and the doors; or the lesson that is on."""

import streamlit as st

from core.insight.heroes import hero
from core.views import parameters
from core.views.lessons import custom, handout, player
from core.views.site import frame, home, links, texts
from core.views.widgets import controls, shared

part = texts.of("start").part
if custom.wanted():
    st.caption(part("fetching"))  # the tab answers at once
elif name := player.running():
    player.play(name)
    handout.button(player.named(name))
else:
    bare = not parameters.any_of("text", "model")
    frame.head("start")
    reading = controls.ask(trained=True)
    place = hero(reading)
    shared.read(reading, hero=place, level="story" if bare else "all", play=bare)
    if place is not None:
        st.html(home.parts(reading, place.unit))
    links.draw(home.doors(home.four(), part("doors")), "doors")
