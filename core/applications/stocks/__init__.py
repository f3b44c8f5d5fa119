"""Share prices: tomorrow's return, a rise, the volatility of five days."""
