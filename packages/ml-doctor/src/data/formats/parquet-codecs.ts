/** Decompresses pages of Parquet files to the size that they say, never beyond it. */
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';

/**
 * One decompressor for each codec that is read; each throws for bytes that are not of the size given. The legacy form of
 * LZ4 is left out: its frames are a matter of guessing, and writers have not made it since 2021.
 */
export const parquetCodecs = async (): Promise<Compressors> => {
  const { compressors, decompressLz4Raw, decompressZstd } = await import('hyparquet-compressors');
  const exact =
    (decompress: (bytes: Uint8Array, size: number) => Uint8Array) =>
    (bytes: Uint8Array, size: number): Uint8Array => {
      const page = decompress(bytes, size);
      if (page.length !== size)
        throw new RangeError(`a page of ${page.length} bytes that should have ${size}`);
      return page;
    };
  return {
    SNAPPY: exact(compressors.SNAPPY as (bytes: Uint8Array, size: number) => Uint8Array),
    GZIP: exact((bytes, size) => gunzipSync(bytes, { maxOutputLength: Math.max(1, size) })),
    BROTLI: exact((bytes, size) => brotliDecompressSync(bytes, { maxOutputLength: Math.max(1, size) })),
    ZSTD: exact((bytes, size) => decompressZstd(bytes, new Uint8Array(size))),
    LZ4_RAW: exact((bytes, size) => decompressLz4Raw(bytes, size)),
  };
};
