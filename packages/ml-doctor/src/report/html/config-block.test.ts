/** What is copied from the page is the configuration, to the letter. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configBlock, configText } from './config-block.ts';

/** The text of the second block, as a browser would copy it. */
function copied(markup: string): string {
  const [, text = ''] = /<pre class="config"><code>([^<]*)<\/code>/.exec(markup) ?? [];
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

describe('configBlock', () => {
  it('gives any configuration back', () => {
    // The characters that HTML and YAML both allow; JSON escapes of others are YAML's business.
    const text = fc.string({ unit: 'grapheme' });
    const config = fc.dictionary(
      text.filter((key) => key !== '__proto__'),
      fc.oneof(
        text,
        fc.integer(),
        fc.boolean(),
        fc.array(fc.integer()),
        fc.dictionary(fc.stringMatching(/^[a-z]+$/), text),
      ),
    );
    fc.assert(
      fc.property(config, (value) => {
        const block = configBlock({ command: 'c', config: value, rerun: 'r' }).text;
        expect(parse(copied(block))).toEqual(value);
      }),
    );
  });

  it('leaves a space before a percent sign a space', () => {
    const block = configBlock({ command: 'run "5 %"', config: { name: 'at 5 % noise' }, rerun: 'r' }).text;
    expect(block).toContain('run &#34;5 %&#34;');
    expect(copied(block)).toBe('name: at 5 % noise\n');
  });
});

describe('configText', () => {
  it('writes lists of numbers on one line, others below each other', () => {
    const config = { milestones: [3, 5], attacks: ['a', { b: { hidden: [64, 32] } }] };
    expect(configText(config)).toBe(
      'milestones: [ 3, 5 ]\nattacks:\n  - a\n  - b:\n      hidden: [ 64, 32 ]\n',
    );
  });
});
