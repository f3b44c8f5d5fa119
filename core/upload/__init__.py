"""What a visitor uploads: a trained model's file, and what it is to read. Bytes in; networks and arrays out, or a sentence.

Nothing that is uploaded is run, and no memory is taken for what is not there.
"""

from core.upload import inputs
from core.upload.file import KINDS, ModelFile, opened
from core.upload.found import Embedding, Found
from core.upload.refused import LIMITS, OWN, Limits, Refused
from core.upload.twin import compared, twin

__all__ = ["KINDS", "LIMITS", "OWN", "Embedding", "Found", "Limits", "ModelFile", "Refused", "compared", "inputs", "opened", "twin"]
