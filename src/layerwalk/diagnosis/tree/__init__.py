"""The decision tree: which measurements the facts so far call for. It never concludes.

Sans I/O: facts go in, the measurements to make come out, several at once where none needs the
other. Nothing is asked twice.
"""

from layerwalk.diagnosis.tree.measure import Measure, Step
from layerwalk.diagnosis.tree.needless import needless
from layerwalk.diagnosis.tree.wanted import wanted

__all__ = ["Measure", "Step", "needless", "wanted"]
