"""The parameters of the URL of *Your own network*: rows of the table in core/views/parameters.py."""

from core.views.stepper.arrays import BY_CELL
from core.views.widgets.incoming import Parameter, flag, one_of, text, whole


def _asked(name: str) -> Parameter:
    """What a file of one's own may not tell of its networks."""
    return Parameter(
        name,
        "network_file",
        one_of(lambda page: page.asks[name]),
        f"network_ask_{name}_{{key}}",
        lambda page: page.asks[name][0],
        here=lambda page: name in page.asks,
    )


OWN_NETWORK = (
    Parameter("file", "your_network", one_of(lambda p: p.sources), "network_source", lambda p: p.sources[0]),
    Parameter("name", "network_file", one_of(lambda p: p.networks), "network_name_{key}", lambda p: p.networks[0], here=lambda p: len(p.networks) > 1),
    *map(_asked, ("activation", "layer_norm")),
    Parameter("input", "network_input", one_of(lambda p: p.kinds), "network_input_{key}", lambda p: p.kind),
    Parameter("steps", "network_typed", whole(1, lambda p: p.most), "network_steps_{key}", lambda p: min(12, p.most), here=lambda p: p.input == "random"),
    Parameter("seed", "network_typed", whole(0, 9_999), "network_seed_{key}", 0, here=lambda p: p.input == "random"),
    Parameter("text", "network_typed", text(2000), "network_text_{key}", lambda p: p.text, here=lambda p: p.input in ("words", "embedded")),
    Parameter("table", "network_typed", one_of(lambda p: p.tables), "network_table_{key}", lambda p: p.tables[0],
              here=lambda p: p.input == "embedded" and len(p.tables) > 1),
    Parameter("cell", "network_shown", one_of(lambda p: p.places), "network_place_{key}", lambda p: p.places[0], here=lambda p: len(p.places) > 1),
    Parameter("all", "network_shown", flag(), "network_all", True, here=lambda p: len(p.places) > 1, write=lambda value, p: "1" if value else "0"),
    Parameter("changes", "network_shown", text()),
    Parameter("show", "network_shown", one_of(lambda p: p.sections), "network_section", lambda p: p.sections[0]),
    Parameter("diff", "network_part", one_of(lambda p: BY_CELL[p.cell]), "network_diff_{cell}", "h", here=lambda p: p.show == "edits" and p.made),
    Parameter("at", "network_part", whole(1, lambda p: p.T), "network_at_{T}", lambda p: p.T, here=lambda p: p.show in ("gradients", "contributions"),
              write=lambda at, p: str(at) if at < p.T else None),
    Parameter("of", "network_part", whole(0, lambda p: p.H - 1), "network_unit_{H}", 0, here=lambda p: p.show == "contributions"),
)  # fmt: skip
