"""Lessons on a page: the player, the maker, quiz, worksheets and hand-outs."""
