// A trained network as files: safetensors with torch's names, and the run as JSON.

/**
 * Tensors in the safetensors format: the header's length (8 bytes, little-endian), the header as JSON, the numbers.
 * @param {Record<string, { shape: number[], value: import("./types").Floats }>} tensors float32 on disk
 * @param {Record<string, string>} about the file's own metadata
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function safetensors(tensors, about = {}) {
  let end = 0;
  /** @type {Record<string, object>} */
  const header = { __metadata__: about };
  for (const [name, { shape, value }] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape, data_offsets: [end, end + 4 * value.length] };
    end += 4 * value.length;
  }
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8); // numbers begin at a multiple of 8
  const head = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + head.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(head.length), true);
  bytes.set(head, 8);
  let at = 8 + head.length;
  for (const { value } of Object.values(tensors)) {
    bytes.set(new Uint8Array(Float32Array.from(value).buffer), at);
    at += 4 * value.length;
  }
  return bytes;
}

/**
 * A run as JSON: what was set, and its curves.
 * @param {import("./types").Setup} setup
 * @param {import("./types").Snapshot} snapshot
 */
export function run(setup, { updates, length, networks, baselines }) {
  const { data, ...set } = setup;
  return JSON.stringify(
    {
      made_by: "Gatescope, page Train",
      setup: { ...set, length, own_data: Boolean(data.text || data.table) },
      updates,
      baselines,
      networks: networks.map(({ losses, scores, stopped }, k) => {
        return { name: setup.networks[k].name, stopped, losses, scores };
      }),
    },
    null,
    1,
  );
}
