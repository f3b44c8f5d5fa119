// The room's reader of the feed, as the browser has it, without a browser. One line of standard input is one stream: {chunks: [base64 …]}; one line
// comes out for it: {heard: [[kind, data] …], told: [what …], asked: [last id …], open: how many of its requests were not given up in the end}.
// argv: the path of stream.js. After the chunks the connection ends; the reader comes back once, and then is refused for good.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const { open } = await import(pathToFileURL(process.argv[2]).href);
const later = globalThis.setTimeout;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
globalThis.addEventListener = globalThis.removeEventListener = () => {};
globalThis.setTimeout = (act, pause) => (pause > 10_000 ? 0 : later(act, 0)); // it comes back at once; nothing is silent for long here
console.warn = () => {};

function run(chunks) {
  return new Promise((done) => {
    const found = { heard: [], told: [], asked: [] }, signals = [];
    globalThis.fetch = async (path, { headers, signal }) => {
      signals.push(signal);
      found.asked.push(headers["Last-Event-ID"] ?? null);
      if (signals.length > 1) return new Response('{"error":"over"}', { status: 404 });
      return new Response(new ReadableStream({
        start(control) {
          signal.addEventListener("abort", () => { try { control.error(new DOMException("aborted", "AbortError")); } catch {} });
          for (const chunk of chunks) control.enqueue(Uint8Array.from(Buffer.from(chunk, "base64")));
          control.close();
        },
      }));
    };
    open("/events", null, (kind, data) => {
      found.heard.push([kind, data]);
      if (data?.text === "cannot be shown") throw new TypeError("a view that fails");
    }, (what) => {
      found.told.push(what);
      if (what === "gone") later(() => done({ ...found, open: signals.filter((signal) => !signal.aborted).length }), 0);
    });
  });
}

for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(await run(JSON.parse(line).chunks)));
