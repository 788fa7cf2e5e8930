/** The same object with its typed arrays in memory that threads share; what is there already stays. */
export function shareColumns<T extends object>(data: T): T {
  const shared = Object.entries(data).map(([name, value]) => [name, ArrayBuffer.isView(value) ? share(value) : value]);
  return Object.fromEntries(shared) as T;
}

// ---- below: internals ----

function share(array: ArrayBufferView): ArrayBufferView {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Kind = array.constructor as Int32ArrayConstructor;
  const values = array as Int32Array;
  const copy = new Kind(new SharedArrayBuffer(array.byteLength), 0, values.length);
  copy.set(values);
  return copy;
}
