"""A log without what people typed: of an exception its type and where it happened, never its message, a value or a line of code."""

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType

MOST = 12  # places of an exception, the innermost first
log = logging.getLogger("gatescope.server")


def places(trace: TracebackType | None) -> str:
    """Where an exception came through: module:line, the innermost first."""
    found = []
    while trace is not None:
        name = trace.tb_frame.f_globals.get("__name__", "?")
        if name == "__main__":  # as each page is called
            name = Path(trace.tb_frame.f_code.co_filename).stem
        found.append(f"{name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(found[::-1][:MOST])


def describe(error: BaseException | None) -> str:
    """An exception in one line, with those that led to it."""
    parts: list[str] = []
    while error is not None and len(parts) < MOST:
        parts.append(f"{type(error).__name__} at {places(error.__traceback__) or 'an unknown place'}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return ", after ".join(parts)


def spare_details() -> None:
    """Makes all loggers of this process write exceptions as `told` does, and what Python itself would print as well."""
    made = logging.getLogRecordFactory()

    def record(*args: object, **more: object) -> logging.LogRecord:
        written = made(*args, **more)
        if written.exc_info and written.exc_info[1] is not None:
            written.msg, written.args = f"{written.getMessage().rstrip()}: {describe(written.exc_info[1])}", ()
            written.exc_info = written.exc_text = written.stack_info = None
        return written

    logging.setLogRecordFactory(record)
    logging.raiseExceptions = False  # else a record that cannot be written is printed with its arguments
    threading.excepthook = lambda failed: log.error("a thread failed", exc_info=failed.exc_value)
    sys.unraisablehook = lambda failed: log.error("an exception was ignored", exc_info=failed.exc_value)
