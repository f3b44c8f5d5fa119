"""The stepper: the component, what it is given, and how arrays and equations are named and drawn."""
