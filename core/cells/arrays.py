"""The types of arrays by what they hold. Shapes stand where an array is made."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]  # float32 or float64, one of them throughout a run
Ints = NDArray[np.integer]
Flags = NDArray[np.bool_]
Dtype = np.dtype[np.floating]
