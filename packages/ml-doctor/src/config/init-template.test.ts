/** What `ml-doctor init` writes can be read as it stands and with every option set, and shows every option there is. */

import { describe, expect, it } from 'vitest';
import { attacks } from '../attacks/registry.ts';
import { defenses } from '../defenses/registry.ts';
import { mlDoctorRecipe } from '../models/recipe.ts';
import type { SchemaNode } from './expectation.ts';
import { auditTemplate, studyTemplate } from './init-template.ts';
import { parseConfig } from './load-config.ts';
import { jsonSchemaOf } from './schema.ts';

/** A commented-out option: # and no space, with prose beginning `# `. */
const OPTION = /^(\s*)#(?=[^\s#])/;

const templates = { audit: auditTemplate(), study: studyTemplate() } as const;

describe.each(['audit', 'study'] as const)('the template of an %s', (kind) => {
  const text = templates[kind];
  const lines = text.split('\n');
  const options = [...lines.keys()].filter((index) => OPTION.test(lines[index]!));
  const without = (marks: readonly number[]) =>
    lines.map((line, index) => (marks.includes(index) ? line.replace(OPTION, '$1') : line)).join('\n');

  it('can be read as it stands', () => {
    expect(parseConfig(text, 'template').kind).toBe(kind);
  });

  it.each(options.map((index) => [lines[index]!.trim(), index] as const))(
    'can be read with %s',
    (_, index) => {
      const changed = without([index]);
      expect(parseConfig(changed, 'template').kind).toBe(kind);
      expect(changed).not.toBe(text);
    },
  );

  it('can be read with all options at once, the first of those of one key', () => {
    const keys = options.map((index) => /^\s*#[^-:]+:/.exec(lines[index]!)?.[0] ?? index);
    const first = options.filter((_, i) => keys.indexOf(keys[i]!) === i);
    expect(first.length).toBeGreaterThan(options.length / 3);
    expect(parseConfig(without(first), 'template').kind).toBe(kind);
  });

  it('shows every key there is', () => {
    const missing: string[] = [];
    const visit = (node: SchemaNode): void => {
      for (const [key, inner] of Object.entries(node.properties ?? {})) {
        // Plugins are files of the reader's own: none that a template could name is there.
        if (key === 'plugins') continue;
        const isFree = inner.const === undefined && key !== '$schema';
        if (isFree && !new RegExp(`(^|[\\s#{])${key}(:|\\b)`, 'm').test(text)) missing.push(key);
        visit(inner);
      }
      node.anyOf?.forEach(visit);
      if (typeof node.items === 'object') visit(node.items);
    };
    visit(jsonSchemaOf(kind));
    expect(missing).toEqual([]);
  });

  it('sets commented-out options to their defaults', () => {
    const recipe = options.filter((index) =>
      /#(batchSize|optimizer|learningRate|learningRateDecay|momentum|weightDecay|milestones):/.test(
        lines[index]!,
      ),
    );
    expect(recipe).toHaveLength(7);
    expect(parseConfig(without(recipe), 'template').config).toEqual(parseConfig(text, 'template').config);
  });

  it('fits a screen', () => {
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(140);
  });
});

describe('the template of an audit', () => {
  const loaded = parseConfig(templates.audit, 'audit.yaml');

  it('is the short demo with everything said', () => {
    expect(loaded.config).toMatchObject({
      data: { catalog: 'fashion-mnist-10k', recordsPerRole: 600 },
      target: { train: { model: 'simple-cnn', training: mlDoctorRecipe(60) } },
      attacks: [
        {
          name: 'membership/loss-threshold',
          params: attacks['membership/loss-threshold'].configure().params,
        },
        {
          name: 'membership/shadow-classifier',
          params: attacks['membership/shadow-classifier'].configure().params,
        },
      ],
    });
  });

  it('names every attack and every defence', () => {
    for (const name of [...Object.keys(attacks), ...Object.keys(defenses)])
      expect(`${templates.audit}${templates.study}`).toContain(name);
  });
});
