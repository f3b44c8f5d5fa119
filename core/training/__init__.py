"""How each shipped model was trained. `python -m core.training NAME`; the only part of the core that imports torch at the top."""
