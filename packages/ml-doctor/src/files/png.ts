/** Writes small pictures as PNG, to the same bytes on every machine. */
import { crc32 } from 'node:zlib';

export interface PictureLayout {
  readonly width: number;
  readonly height: number;
  /** 1 is grey; 3 is red, green and blue of each pixel together. */
  readonly channels: 1 | 3;
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const COLOUR_TYPE = { 1: 0, 3: 2 } as const;

/**
 * The picture as a PNG file (W3C, Portable Network Graphics) of 8 bits per channel. Its data are stored, not
 * compressed: what zlib makes of them differs from release to release, and with it would reports that hold pictures.
 *
 * @param pixels `height × width × channels`
 * @throws {Error} `internal:` when the number of pixels is not that of the layout
 */
export function encodePng(pixels: Uint8Array, { width, height, channels }: PictureLayout): Uint8Array {
  const line = width * channels;
  if (!(width >= 1 && height >= 1 && pixels.length === height * line)) {
    throw new Error(
      `internal: ${pixels.length} bytes for a picture of ${width}×${height} in ${channels} channels`,
    );
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPE[channels]], 8);
  // Each line begins with its filter: 0, none.
  const lines = Buffer.alloc(height * (1 + line));
  for (let row = 0; row < height; row++) {
    lines.set(pixels.subarray(row * line, (row + 1) * line), row * (1 + line) + 1);
  }
  return Buffer.concat([SIGNATURE, chunk('IHDR', header), chunk('IDAT', stored(lines)), chunk('IEND')]);
}

/** Length, type, content, and a checksum over the last two. */
function chunk(type: string, content: Uint8Array = new Uint8Array(0)): Buffer {
  const bytes = Buffer.alloc(12 + content.length);
  bytes.writeUInt32BE(content.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(content, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + content.length)), 8 + content.length);
  return bytes;
}

/** The most a stored block can hold: its length has 16 bits. */
const BLOCK = 65_535;

/** A zlib stream (RFC 1950) of stored blocks (RFC 1951, section 3.2.4). */
function stored(content: Uint8Array): Buffer {
  const parts: Uint8Array[] = [Uint8Array.of(0x78, 0x01)];
  for (let at = 0; at < content.length; at += BLOCK) {
    const block = content.subarray(at, at + BLOCK);
    const head = Buffer.alloc(5);
    head[0] = at + BLOCK >= content.length ? 1 : 0;
    head.writeUInt16LE(block.length, 1);
    head.writeUInt16LE(~block.length & 0xffff, 3);
    parts.push(head, block);
  }
  const check = Buffer.alloc(4);
  check.writeUInt32BE(adler32(content));
  return Buffer.concat([...parts, check]);
}

function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
