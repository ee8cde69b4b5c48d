/** What the pages tell users to write into a file can be read: every YAML block of theirs that is a configuration. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load-config.ts';

const page = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../../docs/${name}.md`, import.meta.url)), 'utf8');

const RECORDS = 'data: { members: members.npz, nonMembers: non-members.npz }\n';

/** Blocks that say what is audited; where they leave out the records, with some. */
const configurations = (name: string): readonly string[] =>
  [...page(name).matchAll(/```yaml\n(.*?)```/gs)]
    .map(([, text = '']) => text)
    .filter((text) => /^target:/m.test(text))
    .map((text) => (/^data:/m.test(text) || /^\s+outputs:/m.test(text) ? text : RECORDS + text));

describe.each([
  ['endpoints', 7],
  ['training-services', 3],
])('docs/%s.md', (name, least) => {
  const found = configurations(name);

  it('has configurations', () => {
    expect(found.length).toBeGreaterThanOrEqual(least);
  });

  it.each(found.map((text, i) => [i + 1, text] as const))('configuration %d can be read', (_, text) => {
    expect(parseConfig(text, `${name}.md`).kind).toBe('own');
  });
});
