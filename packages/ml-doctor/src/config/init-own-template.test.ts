/** What `ml-doctor init --own` writes can be read as it stands and with every option set, and shows every option there is. */

import { describe, expect, it } from 'vitest';
import { attacks } from '../attacks/registry.ts';
import { defenses } from '../defenses/registry.ts';
import type { SchemaNode } from './expectation.ts';
import { ownTemplate } from './init-own-template.ts';
import { parseConfig } from './load-config.ts';
import { ownJsonSchema } from './own-schema.ts';

const OPTION = /^(\s*)#(?=[^\s#])/;
const text = ownTemplate();
const lines = text.split('\n');
const options = [...lines.keys()].filter((index) => OPTION.test(lines[index]!));
const without = (mark: number, mask: RegExp = OPTION) =>
  lines.map((line, index) => (index === mark ? line.replace(mask, '$1') : line)).join('\n');

describe('the template of an audit of one’s own model', () => {
  it('can be read as it stands, and is an audit of a file with every default', () => {
    expect(parseConfig(text, 'audit.yaml')).toMatchObject({
      kind: 'own',
      config: {
        own: { kind: 'onnx', file: 'model.onnx', form: {} },
        data: { members: 'train.npz', nonMembers: 'test.npz', sample: 10_000 },
        checkScaling: true,
        defense: { name: 'none' },
        seed: 0,
      },
    });
    expect((parseConfig(text, 'audit.yaml').config as { attacks?: unknown }).attacks).toBeUndefined();
  });

  it('has options', () => {
    expect(options.length).toBeGreaterThan(20);
  });

  it.each(options.map((index) => [lines[index]!.trim(), index] as const))(
    'changes with %s',
    (line, index) => {
      const changed = parseConfig(without(index), 'audit.yaml');
      expect(changed.kind).toBe('own');
      if (!/^#sample: 10000/.test(line)) expect(changed.config).not.toEqual(parseConfig(text, 'x').config);
    },
  );

  it('shows other targets that can be read', () => {
    const block = (first: RegExp) => {
      const start = lines.findIndex((line) => first.test(line));
      const end = lines.findIndex((line, index) => index > start && !/^# {3}/.test(line));
      return lines.slice(start, end).map((line) => line.slice(2));
    };
    const outputs = parseConfig(block(/^# target: \{ outputs/).join('\n'), 'x');
    expect(outputs.config).toMatchObject({ own: { kind: 'outputs' } });
    const target = block(/^# target:$/);
    const data = 'data: { members: a.npz, nonMembers: b.npz }';
    expect(parseConfig([data, ...target].join('\n'), 'x').config).toMatchObject({
      own: { kind: 'endpoint' },
    });
    const service = lines.find((line) => /^# {3}service:/.test(line))!.slice(2);
    expect(parseConfig([data, ...target, service].join('\n'), 'x').config).toMatchObject({
      own: { kind: 'service' },
    });
  });

  it('shows every key of the target and of the records, every attack and every defence', () => {
    const { properties } = ownJsonSchema() as SchemaNode;
    const keys = ['data', 'target'].flatMap((part) => Object.keys(properties?.[part]?.properties ?? {}));
    expect(keys.length).toBeGreaterThan(30);
    expect(keys.filter((key) => !new RegExp(`(^|[\\s#{])${key}:`, 'm').test(text))).toEqual([]);
    for (const name of [...Object.keys(attacks), ...Object.keys(defenses)]) expect(text).toContain(name);
  });

  it('fits a screen', () => {
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(140);
  });
});
