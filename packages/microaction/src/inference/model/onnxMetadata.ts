/**
 * Adds texts by key to an .onnx file, where tools look for them (`metadata_props` of onnx.proto, field 14). A message in
 * protocol buffers may be followed by more of its fields, so the graph is not looked into.
 */
export function withMetadata(model: Uint8Array, metadata: Readonly<Record<string, string>>): Uint8Array<ArrayBuffer> {
  const entries = Object.entries(metadata).map(([key, value]) =>
    field(14, [...field(1, utf8(key)), ...field(2, utf8(value))]),
  );
  const added = Uint8Array.from(entries.flat());
  const all = new Uint8Array(model.length + added.length);
  all.set(model);
  all.set(added, model.length);
  return all;
}

/** The texts that an .onnx file carries; none for what is no such file. */
export function metadataOf(model: Uint8Array): Record<string, string> {
  const texts: [string, string][] = [];
  for (const { number, content } of fieldsOf(model)) {
    if (number !== 14) continue;
    const [key = '', value = ''] = [1, 2].map((wanted) => {
      const found = [...fieldsOf(content)].find((inner) => inner.number === wanted);
      return found && new TextDecoder().decode(found.content);
    });
    texts.push([key, value]);
  }
  return Object.fromEntries(texts);
}

// ---- below: internals; protocol buffers ----

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A field of bytes. */
const field = (number: number, content: ArrayLike<number>): number[] => [
  ...varint(number * 8 + 2),
  ...varint(content.length),
  ...Array.from(content),
];

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
  return [...bytes, value];
}

/** The fields of bytes in a message; it ends where it cannot be read on. */
function* fieldsOf(message: Uint8Array): Generator<{ number: number; content: Uint8Array }> {
  let at = 0;
  const read = (): number => {
    let value = 0;
    for (let place = 1; at < message.length; place *= 0x80) {
      const byte = message[at++];
      value += (byte % 0x80) * place;
      if (byte < 0x80) break;
    }
    return value;
  };
  while (at < message.length) {
    const tag = read();
    const kind = tag % 8;
    if (kind === 0) read();
    else if (kind === 1) at += 8;
    else if (kind === 5) at += 4;
    else if (kind === 2) {
      const length = read();
      yield { number: Math.floor(tag / 8), content: message.subarray(at, at + length) };
      at += length;
    } else return;
  }
}
