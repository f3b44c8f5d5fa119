// A room's feed: server-sent events, read by fetch. Unlike EventSource it can show the teacher's key, and it tries again after any answer.
const SILENT = 40_000; // ms without a byte (the server pings every 15 s) after which a connection is taken for dead

// path: of the events. heard(kind, data) for each event; told("open" | "lost" | "gone", message) when the connection changes.
// A hidden tab lets its stream go, for a browser allows six a host: it gets what it missed when it is shown again.
export function open(path, key, heard, told) {
  let last = null, wait = 1000, control = null, again = 0, watch = 0, stopped = false;

  async function connect() {
    clearTimeout(again);
    if (stopped || document.hidden || control) return;
    const mine = new AbortController();
    control = mine;
    let pause = wait * (0.75 + Math.random() / 2);
    try {
      alive(mine);
      const headers = { Accept: "text/event-stream", ...(key && { Authorization: `Bearer ${key}` }), ...(last && { "Last-Event-ID": last }) };
      const answer = await fetch(path, { headers, signal: mine.signal, cache: "no-store" });
      if (!answer.ok) {
        const { error } = await answer.json().catch(() => ({}));
        if ((answer.status === 404 || answer.status === 403) && error) {
          stop();
          return told("gone", error);
        }
        pause = Math.max(pause, 1000 * (Number(answer.headers.get("Retry-After")) || 0));
        throw new Error(error ?? `the server answered ${answer.status}`);
      }
      await read(answer.body, mine);
      throw new Error("the stream ended");
    } catch (error) {
      if (control !== mine) return; // let go by ourselves
      control = null;
      told("lost", error.message);
      again = setTimeout(connect, pause);
    }
  }

  async function read(body, mine) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    told("open");
    for (let text = ""; ;) {
      const { value, done } = await reader.read();
      if (done || control !== mine) return;
      alive(mine);
      const blocks = (text + value).replaceAll("\r\n", "\n").split("\n\n");
      text = blocks.pop();
      for (const block of blocks) event(block);
    }
  }

  function event(block) {
    const found = { data: [] };
    for (const line of block.split("\n")) {
      const [, name, value] = /^(\w*):? ?(.*)$/.exec(line) ?? [];
      if (name === "data") found.data.push(value);
      else if (name) found[name] = value;
    }
    if (/^\d+$/.test(found.id ?? "")) last = found.id;
    if (/^\d+$/.test(found.retry ?? "")) wait = Number(found.retry);
    if (found.event && found.data.length) heard(found.event, JSON.parse(found.data.join("\n")));
  }

  function alive(mine) {
    clearTimeout(watch);
    watch = setTimeout(() => mine.abort(), SILENT);
  }
  function letGo() {
    clearTimeout(again);
    clearTimeout(watch);
    const mine = control;
    control = null;
    mine?.abort();
  }
  const turned = () => (document.hidden ? letGo() : connect());
  function stop() {
    stopped = true;
    document.removeEventListener("visibilitychange", turned);
    removeEventListener("online", connect);
    letGo();
  }
  document.addEventListener("visibilitychange", turned);
  addEventListener("online", connect);
  connect();
  return { stop };
}
