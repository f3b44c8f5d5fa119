"""What the page After the LSTM draws: tables of the record, and figures of time and memory against length."""
