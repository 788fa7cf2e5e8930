/** The checksum of zip and gzip (CRC-32 of ISO 3309), unsigned. */
export function crc32(bytes: Uint8Array): number {
  if (bytes.length < 16) return ~byBytes(-1, bytes) >>> 0;
  const start = -bytes.byteOffset & 3; // words begin at multiples of four
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + start, 2 * Math.floor((bytes.length - start) / 8));
  const rest = byWords(byBytes(-1, bytes.subarray(0, start)), words);
  return ~byBytes(rest, bytes.subarray(start + words.byteLength)) >>> 0;
}

// ---- below: internals ----

/** Table `k` at `256 * k`: what a byte does to the rest once `k` more bytes have passed. */
const tables = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  tables[byte] = rest;
}
for (let i = 256; i < tables.length; i++) tables[i] = tables[tables[i - 256] & 0xff] ^ (tables[i - 256] >>> 8);

function byBytes(rest: number, bytes: Uint8Array): number {
  for (let i = 0; i < bytes.length; i++) rest = tables[(rest ^ bytes[i]) & 0xff] ^ (rest >>> 8);
  return rest;
}

/** Eight bytes a turn, twice as fast; on machines whose words begin with the least byte, as all that run this do. */
function byWords(rest: number, words: Int32Array): number {
  for (let i = 0; i < words.length; i += 2) {
    const [near, far] = [rest ^ words[i], words[i + 1]];
    rest =
      tables[1792 + (near & 0xff)] ^
      tables[1536 + ((near >>> 8) & 0xff)] ^
      tables[1280 + ((near >>> 16) & 0xff)] ^
      tables[1024 + (near >>> 24)] ^
      tables[768 + (far & 0xff)] ^
      tables[512 + ((far >>> 8) & 0xff)] ^
      tables[256 + ((far >>> 16) & 0xff)] ^
      tables[far >>> 24];
  }
  return rest;
}
