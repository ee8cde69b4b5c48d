/** Typed arrays as the bytes of a blob, little-endian, which is what every platform we run on has. */

type TypedArray = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array;

export const toBytes = (array: TypedArray): Uint8Array =>
  new Uint8Array(array.buffer as ArrayBuffer, array.byteOffset, array.byteLength).slice();

interface TypedArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

/** Copied, as a typed array needs an aligned start. */
export const fromBytes = <T extends TypedArray>(type: TypedArrayType<T>, bytes: Uint8Array): T => {
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0)
    throw new Error(`internal: ${bytes.length} bytes are no whole number of elements`);
  const copy = new Uint8Array(bytes);
  return new type(copy.buffer, 0, bytes.length / type.BYTES_PER_ELEMENT);
};
