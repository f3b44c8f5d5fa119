// Server-sent events, read from the text of a stream as it comes.

/**
 * @typedef {{id?: string, event?: string, data?: string, retry?: string}} Block
 */

/**
 * Takes the stream's text as it comes and calls `heard` for each block. Lines end in CR, LF or both, and in nothing
 * else: U+2028 and U+2029 are characters of a text.
 * @param {(block: Block) => void} heard
 * @returns {(text: string) => void}
 */
export function parser(heard) {
  let rest = "";
  let returned = false;
  /** @type {Block} */
  let found = {};

  /** @param {string} text */
  function line(text) {
    if (!text) {
      const whole = found;
      found = {};
      if (Object.keys(whole).length) heard(whole);
      return;
    }
    const colon = text.indexOf(":");
    const name = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(colon + 1).replace(/^ /, "");
    if (name === "data") found.data = found.data === undefined ? value : `${found.data}\n${value}`;
    else if (name === "event" || name === "id" || name === "retry") found[name] = value;
  }

  return (text) => {
    const lines = (rest + (returned && text.startsWith("\n") ? text.slice(1) : text)).split(/\r\n|\r|\n/);
    if (text) returned = text.endsWith("\r"); // an LF that comes next belongs to it
    rest = lines.pop() ?? "";
    lines.forEach(line);
  };
}
