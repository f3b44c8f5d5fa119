"""Speech recognition: which digit is said?"""
