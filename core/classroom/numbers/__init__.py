"""A number of a sheet of *By hand* that a class is asked for: typed, and checked against what the usual mistakes give."""
