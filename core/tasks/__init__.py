"""What the shipped models were trained on: seeded generators and readers of data."""
