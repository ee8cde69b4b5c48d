/** Keys of tasks, written down: stores are found again by them, so another key for the same task loses finished work. */

import { expect, test } from 'vitest';
import type { Json } from './canonical-json.ts';
import { PlanBuilder } from './plan.ts';
import { taskKey } from './task-key.ts';

const runtime = { onnxruntime: '1.30.0', device: 'cpu', threads: 1 } as const;
const code = {
  train: 't'.repeat(64),
  query: 'q'.repeat(64),
  attack: 'a'.repeat(64),
  evaluate: 'e'.repeat(64),
};

// Made with Python: SHA-256 of {code, device, inputs, kind, onnxruntime, params, seed, threads} as JSON without spaces,
// members sorted by UTF-16 code units.
const train = '6554c2eaa1260c41696bfdeefb16ac1e0004f9ff2bbcb9ebff58c7f6b4be40ff';
const query = '757c032016d020fa7745a7e624ca6a83d4cccaa34b204f5f7011e0c96b290c33';
const attack = 'f4ae65ffb9896d1b0439574965fed448cd340b7b273a3f234e8bf4eebe4f2e59';

const golden: readonly {
  readonly key: string;
  readonly kind: keyof typeof code;
  readonly seed: number;
  readonly params: Json;
  readonly inputs: readonly string[];
}[] = [
  {
    key: train,
    kind: 'train',
    seed: 0,
    params: {
      role: 'target-train',
      data: { id: 'adult', contentHash: '0123' },
      recipe: { epochs: 60, learningRate: 0.01, milestones: [50, 100] },
    },
    inputs: [],
  },
  {
    key: query,
    kind: 'query',
    seed: Number.MAX_SAFE_INTEGER,
    params: { roles: ['target-train', 'target-test'], defence: null, fast: true },
    inputs: [train],
  },
  { key: attack, kind: 'attack', seed: 7, params: [], inputs: [query, train] },
  {
    key: '5a32d25e2e987160c879808265a312959bc4385ab0181088a097859c17958903',
    kind: 'attack',
    seed: 2,
    params: { '😀': 1, '～': 2, '€': 'café 😀 " \\ \n', '': [], z: {}, 10: 2, 9: -3 },
    inputs: [attack],
  },
  {
    key: '6c2c1ae3eba1d64b332d69d9bb43b4bbdcfc84271253972c71855a05b97a408e',
    kind: 'evaluate',
    seed: 1,
    params: null,
    inputs: [],
  },
];

test('keys of tasks alone', () => {
  for (const { key, ...task } of golden)
    expect(taskKey({ ...task, code: code[task.kind], runtime })).toBe(key);
});

test('keys of planned tasks, and what they are keys of', () => {
  const builder = new PlanBuilder({ code, runtime });
  for (const { key, inputs, ...task } of golden) {
    const refs = inputs.map((input) => ({ key: input }));
    expect(builder.add({ ...task, label: key, inputs: refs })).toEqual({ key });
  }
  expect(builder.build().tasks).toEqual(
    golden.map((task) => ({ ...task, label: task.key, code: code[task.kind], runtime })),
  );
});
