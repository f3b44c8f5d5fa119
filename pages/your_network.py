"""Your own network: a file's recurrent layers step by step, values set by hand, gradients, contributions, and the same numbers in torch."""

import streamlit as st

from core.views import parameters
from core.views.site import frame, texts
from core.views.widgets import address
from core.views.widgets.glossary import prose
from core.views.your_network import figures, reading, sections, shown, source, whatif
from core.views.your_network.changes import changed

SECTIONS = ("edits", "gradients", "contributions", "torch")
part = texts.of("your_network").part
frame.head("your_network")
found = source.choose()
if found is None or found.own:
    source.saving(expanded=found is None)
known = asked = ran = None
if found is not None:
    st.table(source.table(found.file))
    known = source.network(found)
if found is not None and known is not None:
    asked = reading.ask(known.network, found)
    places = figures.places(known.network)
    about = {"key": known.key, "places": [str(place) for place in places], "sections": SECTIONS}
    with parameters.arrival("network_shown", **about) as link:
        if link is not None:
            whatif.put(known.key, whatif.from_link(link.get("changes", "")))
    made = whatif.fitting(known, len(asked.tokens))
    ran = reading.run(known.network, asked, made)

if found is None or known is None or asked is None or ran is None:
    address.put(source.waiting(found), own=None if found is not None and not found.own else "file")
else:
    network, tokens = known.network, asked.tokens
    plain, now = ran
    if len(places) > 1:
        titles = dict(zip(about["places"], figures.titles(network), strict=True))
        with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
            st.segmented_control(part("cell"), list(titles), format_func=titles.get, key=f"network_place_{known.key}", required=True)
            st.toggle(part("all"), key="network_all")
    chosen = about["places"].index(st.session_state.get(f"network_place_{known.key}", about["places"][0]))
    place = places[chosen]
    show, direction = st.session_state["network_section"], figures.direction(network, place)
    own = {"show": show, "made": made, "T": len(tokens), "H": direction.cell.hidden_size, "cell": figures.kind(direction)}
    parameters.arrive("network_part", **own)
    whatif.listed(known, made, tokens)
    shown.stepper(
        network,
        now,
        tokens,
        found.title,
        link={
            **source.link(known),
            **parameters.link("network_input", **asked.about),
            **parameters.link("network_typed", **asked.about),
            **parameters.link("network_shown", **about),
            **parameters.link("network_part", **own),
            "changes": "~".join(map(str, made)) or None,
        },
        chosen=chosen,
        every=st.session_state.get("network_all", True),
        own="file" if found.own or asked.own else None,
        edited=bool(made),
    )
    st.segmented_control(part("section"), SECTIONS, format_func=part, key="network_section", required=True)
    prose(part(f"about {show}"), f"about-{show}")
    if show == "edits":
        whatif.choose(known, place, made, len(tokens), figures.reach(now, place))
        if made:
            whatif.outcome(network, plain, now, place, tokens)
    elif show == "gradients":
        sections.gradients(network, now, tokens)
    elif show == "contributions":
        sections.left(network, now, place, tokens)
    else:
        sections.in_torch(changed(network, made, len(tokens))[0], asked.x, any(change.edit(1) is not None for change in made))
