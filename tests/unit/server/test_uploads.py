"""What may be uploaded, and how much of it is kept."""

import pytest
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from core.server import uploads


def held(manager: MemoryUploadedFileManager) -> list[str]:
    return [file for files in manager.file_storage.values() for file in files]


def sent(ledger: uploads.Ledger, manager: MemoryUploadedFileManager, session: str, size: int, file: str = "") -> str:
    """An upload as it goes through; the file's name, or why it is refused."""
    file = file or manager.get_upload_urls(session, ["name"])[0].file_id
    if refusal := ledger.refusal((session, file), size):
        return str(refusal.status_code)
    ledger.begin((session, file), size)
    manager.add_file(session, UploadedFileRec(file, "name", "text/plain", bytes(size)))
    ledger.end((session, file), size)
    return file


@pytest.fixture
def ledger(monkeypatch):
    monkeypatch.setattr(uploads, "BYTES_SESSION", 50)
    monkeypatch.setattr(uploads, "BYTES", 100)
    made, manager = uploads.Ledger(20), MemoryUploadedFileManager("/upload")
    made.attach(manager)
    return made, manager


def test_a_session_keeps_its_newest_files(ledger):
    files = [sent(*ledger, "session", 5) for _ in range(10)]
    assert held(ledger[1]) == files[-uploads.FILES_SESSION :]
    files = [sent(*ledger, "session", 20) for _ in range(3)]
    assert held(ledger[1]) == files[-2:]  # 60 bytes would be too many


def test_all_sessions_together_keep_the_newest_files(ledger):
    files = [sent(*ledger, f"session {k}", 20) for k in range(8)]
    assert held(ledger[1]) == files[-5:]


def test_only_addresses_that_were_given_take_a_file(ledger):
    made, manager = ledger
    assert sent(made, manager, "session", 5, "invented") == "403"
    urls = [url.file_id for url in manager.get_upload_urls("session", ["name"] * (uploads.ADDRESSES + 1))]
    assert sent(made, manager, "session", 5, urls[0]) == "403"  # an older one
    assert sent(made, manager, "session", 5, urls[1]) == urls[1]
    assert sent(made, manager, "other", 5, urls[2]) == "403"
    assert sent(made, manager, "session", 21) == "413"
    manager.remove_session_files("session")
    assert sent(made, manager, "session", 5, urls[2]) == "403"


def test_uploads_that_are_under_way_are_bounded(ledger):
    made, manager = ledger
    files = [url.file_id for url in manager.get_upload_urls("session", ["name"] * 3)]
    for file in files[:2]:
        assert made.refusal(("session", file), 20) is None
        made.begin(("session", file), 20)
    assert made.refusal(("session", files[2]), 20).status_code == 503
    made.end(("session", files[0]), 20)
    assert made.refusal(("session", files[2]), 20) is None
    made.coming = 90
    assert made.refusal(("session", files[2]), 20).status_code == 503
