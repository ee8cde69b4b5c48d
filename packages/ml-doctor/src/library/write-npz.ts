/** Arrays in memory as a NumPy archive, so that every process of an audit reads the same records. */

import { zipSync } from 'fflate';

/** Text becomes UTF-32 of one width; numbers keep the type of their typed array, plain ones are 64-bit floats. */
export type ArrayValues = ArrayLike<number> | readonly string[];

export interface NamedArray {
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: ArrayValues;
}

/** The format of numpy.lib.format, version 1.0, stored without compression. */
export const npzBytes = (arrays: Readonly<Record<string, NamedArray>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [
        `${name}.npy`,
        [npyBytes(array), { level: 0 }] as const,
      ]),
    ) as Parameters<typeof zipSync>[0],
  );

const npyBytes = ({ shape, values }: NamedArray): Uint8Array => {
  const { descr, bytes } = encoded(values);
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  // Magic, version and length take 10 bytes; the header ends with a newline at a multiple of 64.
  const length = Math.ceil((10 + dict.length + 1) / 64) * 64;
  const file = new Uint8Array(length + bytes.length);
  file.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, (length - 10) & 255, (length - 10) >> 8]);
  file.set(new TextEncoder().encode(`${dict.padEnd(length - 11)}\n`), 10);
  file.set(bytes, length);
  return file;
};

const encoded = (values: ArrayValues): { readonly descr: string; readonly bytes: Uint8Array } => {
  if (isText(values)) return encodedText(values);
  const typed = ArrayBuffer.isView(values) ? values : Float64Array.from(values);
  const descr = DESCR.find(([type]) => typed instanceof type)?.[1];
  if (descr === undefined) return encoded(Array.from(values));
  return { descr, bytes: new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength) };
};

/** Machines that run Node are little-endian. */
const DESCR = [
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
  [Uint8Array, '|u1'],
  [Int32Array, '<i4'],
] as const;

const isText = (values: ArrayValues): values is readonly string[] =>
  Array.isArray(values) && typeof values[0] === 'string';

const encodedText = (texts: readonly string[]) => {
  const points = texts.map((text) => [...String(text)].map((letter) => letter.codePointAt(0) as number));
  const width = Math.max(1, ...points.map(({ length }) => length));
  const letters = new Uint32Array(texts.length * width);
  points.forEach((one, i) => {
    letters.set(one, i * width);
  });
  return { descr: `<U${width}`, bytes: new Uint8Array(letters.buffer) };
};
