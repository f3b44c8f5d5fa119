"""What is typed stays, however late the browser comes to it."""

from playwright.sync_api import expect

from tests.browser.conftest import CONTRAST

LATE = 100  # ms by which React's work is late; below, keys come so that a value is committed between a drawing and its effects
SLOW = """(() => {
  const send = MessagePort.prototype.postMessage; // by which React puts off its work
  MessagePort.prototype.postMessage = function (...all) { window.late ? setTimeout(() => send.apply(this, all), window.late) : send.apply(this, all) };
})()"""


def test_no_letter_is_lost_on_a_slow_device(tabs):
    """Without site/typed.js about every third of these texts lost its last letters."""
    tab = tabs(fresh=True)
    tab.page.add_init_script(SLOW)
    tab.open(model="sentiment-lstm", text="one", level="unit")
    for time in range(8):
        tab.page.evaluate("window.late = 0")
        tab.type("one")
        tab.href("text=one&")
        tab.field.press("End")
        tab.page.evaluate(f"window.late = {LATE}")
        tab.field.press_sequentially(f" two and {time}three", delay=45 + 2 * time)
        tab.href(f"text=one+two+and+{time}three&")
        expect(tab.field).to_have_value(f"one two and {time}three")


def test_what_the_page_puts_there_stays(tab):
    """Only what stood there between two keys is taken for a loss."""
    tab.open(model="sentiment-lstm", text="one", level="unit")
    tab.field.press("End")
    tab.field.press_sequentially(" two", delay=30)
    tab.page.get_by_role("button", name="Examples").click()
    tab.page.get_by_role("menuitem", name="Contrast", exact=True).click()
    expect(tab.field).to_have_value(CONTRAST)


BATCHED = """(() => { // what the server sends comes every two seconds only
  const listen = WebSocket.prototype.addEventListener;
  const come = [];
  const arrive = () => come.splice(0).forEach((hear) => hear());
  setInterval(arrive, 2000);
  let last = Infinity;
  window.pauses = 0; // that a busy machine made between two keys
  addEventListener("input", ({ timeStamp }) => {
    if (timeStamp - last > 1500) window.pauses += 1;
    last = timeStamp;
  });
  WebSocket.prototype.addEventListener = function (kind, hear, ...more) {
    const late = (event) => {
      come.push(() => hear.call(this, event));
      if (!window.batched) arrive();
    };
    return listen.call(this, kind, kind === "message" ? late : hear, ...more);
  };
})()"""


def test_what_is_typed_at_one_go_is_one_entry_on_a_slow_device(tabs):
    tab = tabs(fresh=True)
    tab.page.add_init_script(BATCHED)
    tab.open(model="sentiment-lstm", text="one", level="unit")
    tab.href("step=0")
    before = tab.page.evaluate("history.length")
    tab.page.evaluate("window.batched = true")
    tab.field.press("End")
    tab.field.press_sequentially(" film that is long and slow and dull", delay=150)
    tab.href("text=one+film+that+is+long+and+slow+and+dull")
    assert before + 1 <= tab.page.evaluate("history.length") <= before + 1 + tab.page.evaluate("window.pauses")
    tab.page.evaluate("window.batched = false")
    for _ in range(tab.page.evaluate("history.length") - before):
        tab.page.go_back()
    tab.at(steps=1)
    expect(tab.field).to_have_value("one")
