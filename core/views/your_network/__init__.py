"""The page Your own network: the file, what the network reads, what is set by hand, and what is computed of it."""
