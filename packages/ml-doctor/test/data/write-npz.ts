/** A tiny writer of .npy and .npz files, for tests: written from the formats' descriptions, apart from the reader. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface TestArray {
  /** As `<f4`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Row-major. */
  readonly values: readonly (number | bigint | string)[];
  readonly fortran?: boolean;
}

/** The bytes of one element. */
function element(descr: string, value: number | bigint | string): Buffer {
  const big = descr[0] === '>';
  const kind = descr[1]!;
  const size = Number(descr.slice(2));
  if (kind === 'U') {
    const points = [...String(value)].map((letter) => letter.codePointAt(0)!);
    const out = Buffer.alloc(4 * size);
    points.forEach((point, i) => {
      big ? out.writeUInt32BE(point, 4 * i) : out.writeUInt32LE(point, 4 * i);
    });
    return out;
  }
  if (kind === 'S') {
    const out = Buffer.alloc(size);
    out.write(String(value));
    return out;
  }
  const out = Buffer.alloc(size);
  if (kind === 'f') size === 4 ? out.writeFloatLE(Number(value)) : out.writeDoubleLE(Number(value));
  else out.set(littleInteger(BigInt(value), size));
  return big ? out.reverse() : out;
}

function littleInteger(value: bigint, size: number): Buffer {
  let rest = BigInt.asUintN(8 * size, value);
  const out = Buffer.alloc(size);
  for (let i = 0; i < size; i++, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}

/** Row-major places in the order in which the first index is the fastest. */
function fortranOrder(shape: readonly number[]): number[] {
  let places = [0];
  let stride = 1;
  // From the last axis, which is the slowest of all here, outwards in: the first axis is varied innermost.
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const here = stride;
    places = places.flatMap((place) => Array.from({ length: shape[axis]! }, (_, i) => place + i * here));
    stride *= shape[axis]!;
  }
  return places;
}

export function npy({ descr, shape, values, fortran = false }: TestArray, header?: string): Buffer {
  const text =
    header ??
    `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const head = Buffer.alloc(10);
  head.write('\x93NUMPY\x01\x00', 'latin1');
  head.writeUInt16LE(padded.length, 8);
  const order = fortran ? fortranOrder(shape) : values.map((_, i) => i);
  return Buffer.concat([
    head,
    Buffer.from(padded, 'latin1'),
    ...order.map((i) => element(descr, values[i]!)),
  ]);
}

export interface ZipOptions {
  readonly deflate?: boolean;
  /** Sizes and places in 64 bits, in the entries and at the end. */
  readonly zip64?: boolean;
}

/** A zip archive of these files, in their order. */
export function zip(
  files: Readonly<Record<string, Uint8Array>>,
  { deflate = false, zip64 = false }: ZipOptions = {},
): Buffer {
  const locals: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  const u16 = (value: number) => littleInteger(BigInt(value), 2);
  const u32 = (value: number) => littleInteger(BigInt(value), 4);
  const u64 = (value: number) => littleInteger(BigInt(value), 8);
  for (const [name, bytes] of Object.entries(files)) {
    const packed = deflate ? deflateRawSync(bytes) : Buffer.from(bytes);
    const title = Buffer.from(name);
    const common = [u16(0), u16(deflate ? 8 : 0), u32(0), u32(crc32(bytes))];
    const sizes = zip64 ? [u32(0xffffffff), u32(0xffffffff)] : [u32(packed.length), u32(bytes.length)];
    const localExtra = zip64
      ? Buffer.concat([u16(1), u16(16), u64(bytes.length), u64(packed.length)])
      : Buffer.alloc(0);
    const extra = zip64
      ? Buffer.concat([
          u16(0x7777),
          u16(2),
          u16(9),
          u16(1),
          u16(24),
          u64(bytes.length),
          u64(packed.length),
          u64(offset),
        ])
      : Buffer.alloc(0);
    const local = Buffer.concat([
      u32(0x04034b50),
      u16(20),
      ...common,
      ...sizes,
      u16(title.length),
      u16(localExtra.length),
      title,
      localExtra,
      packed,
    ]);
    centrals.push(
      Buffer.concat([
        u32(0x02014b50),
        u16(20),
        u16(20),
        ...common,
        ...sizes,
        u16(title.length),
        u16(extra.length),
        u16(0),
        u16(0),
        u16(0),
        u32(0),
        u32(zip64 ? 0xffffffff : offset),
        title,
        extra,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const count = centrals.length;
  const wide = zip64
    ? Buffer.concat([
        u32(0x06064b50),
        u64(44),
        u16(45),
        u16(45),
        u32(0),
        u32(0),
        u64(count),
        u64(count),
        u64(directory.length),
        u64(offset),
        u32(0x07064b50),
        u32(0),
        u64(offset + directory.length),
        u32(1),
      ])
    : Buffer.alloc(0);
  const end = Buffer.concat([
    u32(0x06054b50),
    u16(0),
    u16(0),
    u16(zip64 ? 0xffff : count),
    u16(zip64 ? 0xffff : count),
    u32(zip64 ? 0xffffffff : directory.length),
    u32(zip64 ? 0xffffffff : offset),
    u16(0),
  ]);
  return Buffer.concat([...locals, directory, wide, end]);
}

export const npz = (arrays: Readonly<Record<string, TestArray>>, options?: ZipOptions): Buffer =>
  zip(
    Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${name}.npy`, npy(array)])),
    options,
  );
