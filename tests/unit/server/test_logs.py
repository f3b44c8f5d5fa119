"""A log has types and places, and no values."""

import logging
import re
import sys
import threading
from types import SimpleNamespace

from core.server import logs
from tests.conftest import ROOT


def test_a_log_has_types_and_places_and_no_values(capfd, monkeypatch):
    """An exception with a typed text in its message, of a thread and of a finalizer too."""
    before = logging.getLogRecordFactory(), logging.raiseExceptions, threading.excepthook, sys.unraisablehook
    logs.spare_details()
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    try:
        logger = logging.getLogger("gatescope.tried")

        def fails() -> None:
            try:
                {}["a secret xylophone"]
            except KeyError as error:
                raise ValueError("could not read 'a secret xylophone'") from error

        try:
            fails()
        except ValueError as error:
            logger.exception("Uncaught app execution")
            logger.error("Uncaught app execution", exc_info=error)
            logger.error("Uncaught app execution", exc_info=True)
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()
        sys.unraisablehook(SimpleNamespace(exc_value=ValueError("a secret xylophone"), object=None, err_msg=None))
        logger.error("kept as it is: %s", 7)
    finally:
        logging.getLogger().removeHandler(handler)
        logging.setLogRecordFactory(before[0])
        logging.raiseExceptions, threading.excepthook, sys.unraisablehook = before[1:]
    log = capfd.readouterr().err
    assert log.count(f"Uncaught app execution: ValueError at {__name__}:") == 3
    assert log.count(f"after KeyError at {__name__}:") >= 3
    assert "a thread failed: ValueError" in log
    assert "an exception was ignored: ValueError at an unknown place" in log
    assert "kept as it is: 7" in log
    assert not re.search(r"xylophone|Traceback|File |/work|\.py", log.replace(str(ROOT), "/work")), log
