import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { gunzipIfNeeded } from './gunzip.ts';

const text = Buffer.from('content '.repeat(500));
const file = gzipSync(text);

describe('gunzipIfNeeded', () => {
  it('inflates gzip and passes anything else through', () => {
    expect(Buffer.from(gunzipIfNeeded(file, 'f')).equals(text)).toBe(true);
    expect(gunzipIfNeeded(text, 'f')).toBe(text);
  });

  it('stops at the size limit', () => {
    expect(gunzipIfNeeded(file, 'f', text.length)).toHaveLength(text.length);
    expect(() => gunzipIfNeeded(file, 'big.gz', text.length - 1)).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_INVALID', message: expect.stringMatching(/big\.gz.*3999/) }),
    );
  });

  it('tells a wrong checksum from a corrupt stream', () => {
    const wrongCrc = Buffer.from(file);
    wrongCrc[file.length - 8]! ^= 1;
    expect(() => gunzipIfNeeded(wrongCrc, 'f')).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_CHECKSUM' }),
    );
    const corrupt = Buffer.from(file);
    corrupt[10] = 0xff;
    expect(() => gunzipIfNeeded(corrupt, 'f')).toThrow(expect.objectContaining({ code: 'MLD_DATA_INVALID' }));
  });

  it.each([Buffer.from('junk'), Buffer.alloc(7)])('refuses bytes after the stream', (extra) => {
    expect(() => gunzipIfNeeded(Buffer.concat([file, extra]), 'f')).toThrow(
      expect.objectContaining({ code: 'MLD_DATA_INVALID' }),
    );
  });
});
