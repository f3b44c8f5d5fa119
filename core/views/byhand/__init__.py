"""The page By hand: a sheet's tables, its worked solution, and the stepper over it."""
