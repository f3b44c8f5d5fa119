"""The usual mistakes, computed, and which of them a reader's wrong number comes from."""
