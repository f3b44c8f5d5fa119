"""Stories to read: (story, question) by name. The networks answer the first ones; the others have what their language lacks."""

from core.applications.stories.insight import WALK

EXAMPLES = {
    "one": (WALK, "Where is Mary?"),
    "two": (
        "Mary went to the kitchen. Mary took the apple. John went to the garden. Mary went to the office. John went to the attic.",
        "Where is the apple?",
    ),
    "dropped": (
        "Tom went to the cellar. Tom took the key. Tom went to the attic. Tom dropped the key. Tom went to the garden. Mary went to the cellar.",
        "Where is the key?",
    ),
    "how many": (
        "Aisha went to the office. Aisha took the book. John went to the attic. Aisha took the key. John took the apple. Aisha dropped the book.",
        "How many things does Aisha carry?",
    ),
    "yes or no": (
        "John went to the bedroom. Mary went to the office. John went to the cellar. Mary went to the attic.",
        "Is John in the bedroom?",
    ),
}
CANNOT = {
    "not": ("Mary went to the kitchen. Mary did not go to the garden.", "Where is Mary?"),
    "unknown": ("Mary went to the kitchen. Peter went to the garden.", "Where is Peter?"),
    "she": ("Mary took the apple. Then she went to the kitchen.", "Where is the apple?"),
    "three": ("Mary went to the kitchen. Mary took the apple. Mary went to the garden.", "Where was the apple before the garden?"),
}
