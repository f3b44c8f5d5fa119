// A room's feed: server-sent events, read by fetch. Unlike EventSource it can show the teacher's key, and it tries
// again after any answer.
import { parser } from "../pure/events.js";

const SILENT = 40_000; // ms without a byte (the server pings every 15 s) after which a connection is taken for dead

/**
 * A hidden tab lets its stream go, for a browser allows six a host: it gets what it missed when it is shown again.
 * @param {string} path of the events
 * @param {string | null} key
 * @param {(kind: string, data: any) => void} heard for each event
 * @param {(what: "open" | "lost" | "gone", message?: string) => void} changed when the connection changes
 */
export function open(path, key, heard, changed) {
  /** @type {string | null} */
  let last = null;
  let wait = 1000;
  /** @type {AbortController | null} */
  let control = null;
  let again = 0;
  let watch = 0;
  let stopped = false;

  async function connect() {
    clearTimeout(again);
    if (stopped || document.hidden || control) return;
    const mine = new AbortController();
    control = mine;
    let pause = wait * (0.75 + Math.random() / 2);
    try {
      alive(mine);
      const answer = await fetch(path, { headers: headers(), signal: mine.signal, cache: "no-store" });
      if (!answer.ok || !answer.body) {
        const { error } = await answer.json().catch(() => ({}));
        if ((answer.status === 404 || answer.status === 403) && error) {
          stop();
          return changed("gone", error);
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
      changed("lost", messageOf(error));
      again = setTimeout(connect, pause);
    }
  }

  function headers() {
    return {
      Accept: "text/event-stream",
      ...(key && { Authorization: `Bearer ${key}` }),
      ...(last && { "Last-Event-ID": last }),
    };
  }

  /**
   * @param {ReadableStream<BufferSource>} body
   * @param {AbortController} mine
   */
  async function read(body, mine) {
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    const take = parser(event);
    changed("open");
    for (;;) {
      const { value, done } = await reader.read();
      if (done || control !== mine) return;
      alive(mine);
      take(value);
    }
  }

  /**
   * What cannot be read, or not be shown, is passed over, and not asked for again: the next event may be sound.
   * @param {import("../pure/events.js").Block} block
   */
  function event({ id, event: kind, data, retry }) {
    if (/^\d+$/.test(id ?? "")) last = id ?? null;
    if (/^\d+$/.test(retry ?? "")) wait = Number(retry);
    if (!kind || data === undefined) return;
    try {
      heard(kind, JSON.parse(data));
    } catch (error) {
      console.warn(`An event of the room could not be shown (${error instanceof Error ? error.name : error}).`);
    }
  }

  /** @param {AbortController} mine */
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

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));
