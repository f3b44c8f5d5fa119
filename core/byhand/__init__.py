"""Worked examples: a small cell whose every number is given, its solution line by line, and what a wrong number comes from."""
