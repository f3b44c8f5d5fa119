// A room's feed: server-sent events, read by fetch. Unlike EventSource it can show the teacher's key, and it tries again after any answer.
const SILENT = 40_000; // ms without a byte (the server pings every 15 s) after which a connection is taken for dead

// Takes the stream's text as it comes and calls heard({id?, event?, data?, retry?}) for each block. Lines end in CR, LF or both, and in nothing else:
// U+2028 and U+2029 are characters of a text.
export function parser(heard) {
  let rest = "", found = {}, returned = false;
  function line(text) {
    if (!text) {
      const whole = found;
      found = {};
      if (Object.keys(whole).length) heard(whole);
      return;
    }
    const colon = text.indexOf(":"), name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (name === "data") found.data = found.data === undefined ? value : `${found.data}\n${value}`;
    else if (name === "event" || name === "id" || name === "retry") found[name] = value;
  }
  return (text) => {
    const lines = (rest + (returned && text.startsWith("\n") ? text.slice(1) : text)).split(/\r\n|\r|\n/);
    if (text) returned = text.endsWith("\r"); // an LF that comes next belongs to it
    rest = lines.pop();
    lines.forEach(line);
  };
}

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
      mine.abort(); // else the browser keeps the connection, of which it has six for a server
      if (control !== mine) return; // let go by ourselves
      control = null;
      told("lost", error.message);
      again = setTimeout(connect, pause);
    }
  }

  async function read(body, mine) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader(), take = parser(event);
    told("open");
    for (;;) {
      const { value, done } = await reader.read();
      if (done || control !== mine) return;
      alive(mine);
      take(value);
    }
  }

  // What cannot be read, or not be shown, is passed over, and not asked for again: the next event may be sound.
  function event({ id, event: kind, data, retry }) {
    if (/^\d+$/.test(id ?? "")) last = id;
    if (/^\d+$/.test(retry ?? "")) wait = Number(retry);
    if (!kind || data === undefined) return;
    try {
      heard(kind, JSON.parse(data));
    } catch (error) {
      console.warn(`An event of the room could not be shown (${error.name}).`);
    }
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
