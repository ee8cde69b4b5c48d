// biome-ignore-all lint/suspicious/noTemplateCurlyInString: as configurations hold them
/** What reports print of a configuration holds no key, wherever somebody wrote one. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from './load-config.ts';
import { ownToJson } from './own-text.ts';

const written = (endpoint: string, more = ''): string => {
  const loaded = parseConfig(
    `data: { members: a.npz, nonMembers: b.npz }\ntarget: { endpoint: '${endpoint}'${more} }\n`,
    'audit.yaml',
  );
  if (loaded.kind !== 'own') throw new Error('another kind of configuration');
  return JSON.stringify(ownToJson(loaded.config, loaded.config.base));
};

describe('an own audit back as text', () => {
  it.each([
    ['in the query', 'http://models.test/predict?api_key=s3cr3t-key&n=1'],
    ['as user and password', 'http://me:s3cr3t-key@models.test/predict'],
  ])('leaves out a key %s', (_, url) => {
    expect(written(url)).not.toContain('s3cr3t-key');
    expect(written(url)).toContain('models.test/predict');
  });

  it('leaves out a key in a header, and keeps variables', () => {
    const text = written(
      'http://models.test/p?key=${KEY}',
      ', headers: { X-Api-Key: s3cr3t-key, Authorization: "${TOKEN}" }',
    );
    expect(text).not.toContain('s3cr3t-key');
    expect(text).toContain('?key=${KEY}');
    expect(text).toContain('${TOKEN}');
  });
});
