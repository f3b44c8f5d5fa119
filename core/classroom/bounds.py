"""How much a store of rooms takes, for how long, and what is said beyond. How often someone may ask for it: `limits`; what is set by hand: `settings`."""

IDLE = 12 * 3600.0  # seconds after which a room in which nothing happens is gone
MOST_ROOMS = 1000  # open at a time
MOST_QUESTIONS = 200  # a room
MOST_VOTERS = 1000  # a question: whoever invents voters fills the room's question, and nothing else
MOST_ANSWERS = 1001  # a question's choices, or places of its slider
MOST_TEXT = 96 * 1024  # bytes of a room's questions together
MOST_VOTES = 20_000  # voters of a room, over all its questions
MANY_VOTES = 1_000_000  # voters in a store, over all rooms, from which on
FAIR_VOTES = 1_000  # a room takes no more than these: so one room's voters never shut out another's
UNLED = 15 * 60.0  # seconds after which a room that was never led makes place where there is none
JUMP = 15 * 60.0  # seconds of silence that count as idleness at most: a clock that is set anew, or a machine that slept, closes no room
SAMPLE = 16 * 1024  # bytes of a heartbeat: as many as the largest state, so that one can be kept if the other is
HERE = 6.0  # seconds for which a process's count of its followers holds
CLOSED = "The answer to this question has been revealed, so voting is closed."
ENDED = "The experiment has been ended, so no more results are counted."
FULL_ROOMS = f"This server already has {{:,}} open rooms, the maximum. A room closes {IDLE / 3600:g} hours after its last use."
FULL_QUESTIONS = "This room already has {} questions, the maximum."
FULL_VOTERS = "This question already has {:,} voters, the maximum."
FULL_SEATS = "This experiment already has {:,} students, the maximum."
FULL_NETWORK = "Your network already has {:,} open rooms here, the maximum for one network."
FULL_TEXT = "This room’s questions already have {:,} kB together, the maximum."
FULL_VOTES = "This room already has {:,} votes, the maximum."
FULL_STORE = "This server already holds the maximum number of votes. Only rooms with fewer than {:,} votes can still take more."
