"""All that draws: Plotly figures, the stepper component, page furniture. The only part of the core that knows a screen."""
