"""The page Train: what is set, and what the trainer in the browser (assets/train) is given."""
