"""What several pages share: the controls, charts, progress, glossary, text made safe."""
