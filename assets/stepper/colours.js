// Colours from the page's theme: background and text from Streamlit's variables, the arrays' own from the reading. strong: in presenter mode scales
// end nearer to the text's side, for projectors wash colours out.
export function read(host, scale) {
  const style = getComputedStyle(host);
  const pick = (name, other) => style.getPropertyValue(name).trim() || other;
  const ground = pick("--st-background-color", "#ffffff"), text = pick("--st-text-color", "#1b2330");
  const dark = luminance(ground) < 0.4;
  const strong = document.documentElement.classList.contains("gs-presenting");
  return { ground, text, dark, scale, strong, key: ground + text + strong };
}

export const fill = (colours, panel) => (colours.dark ? panel.colour.fill_dark : panel.colour.fill);
export const ink = (colours, panel) => (colours.dark ? panel.colour.ink_dark : panel.colour.ink);

// A gate runs from the page's ground to its colour; signed arrays share one scale around 0.
export function ramp(colours, panel) {
  const end = (hex) => (colours.strong ? mix(hex, colours.dark ? "#ffffff" : "#000000", 0.35) : hex);
  if (panel.kind === "gate") return [[0, colours.ground], [1, end(fill(colours, panel))]];
  const { negative, positive } = colours.scale;
  const lift = (hex) => (colours.dark ? mix(hex, "#ffffff", 0.25) : hex);
  return [[0, end(lift(negative))], [0.5, colours.ground], [1, end(lift(positive))]];
}

export function at(colours, panel, value) {
  const [low, high] = limits(panel);
  const share = Math.min(1, Math.max(0, (value - low) / (high - low)));
  const stops = ramp(colours, panel);
  const k = share === 1 ? stops.length - 2 : stops.findLastIndex(([s]) => s <= share);
  const [[s0, c0], [s1, c1]] = [stops[k], stops[k + 1]];
  return mix(c0, c1, (share - s0) / (s1 - s0));
}

export const limits = (panel) => (panel.kind === "gate" ? [0, 1] : [-panel.range, panel.range]);
// A line runs over its own unit's range, fixed on the model's card as the map's is.
export const unitRange = (panel, unit) => panel.ranges?.[unit] ?? panel.range;

function channels(colour) {
  if (colour.startsWith("#")) {
    const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, "$&$&") : colour;
    return [1, 3, 5].map((k) => parseInt(hex.slice(k, k + 2), 16));
  }
  return colour.match(/[\d.]+/g).slice(0, 3).map(Number);
}

function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((v, k) => Math.round(v + (b[k] - v) * share)).join(",")})`;
}

function luminance(colour) {
  const [r, g, b] = channels(colour);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}
