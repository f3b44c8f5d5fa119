"""Speech synthesis: phonemes to sound."""
