/** One audit becomes its study under every defence that suits. */

import { expect, it } from 'vitest';
import type { AuditConfig } from '../../config/config.ts';
import { parseConfig } from '../../config/load-config.ts';
import { ownerStudy } from './owner.ts';

const audit = (target: string, rest = '') =>
  parseConfig(
    `data: { catalog: fashion-mnist-10k, recordsPerRole: 300 }\ntarget: { train: ${target} }\nattacks: [ membership/loss-threshold ]\nseed: 7\n${rest}`,
    'audit.yaml',
  ).config as AuditConfig;
const names = (config: AuditConfig) => ownerStudy(config).study.defenses.map(({ name }) => name);

it('keeps data, model, attacks and seed, and asks for explanations', () => {
  const config = audit('{ model: mlp, epochs: 5 }');
  expect(ownerStudy(config).study).toMatchObject({
    data: [config.data],
    models: [config.target.train],
    attacks: config.attacks,
    seeds: [7],
    explain: true,
  });
});

it('tries defences of the answers and of the training', () => {
  expect(names(audit('{ model: mlp, epochs: 5 }'))).toEqual([
    ...['none', 'label-only', 'top-k', 'rounding', 'temperature', 'l2', 'dropout', 'early-stopping'],
    ...['label-smoothing', 'distillation', 'dp-sgd'],
  ]);
});

it('trains no forest otherwise, and says why', () => {
  const { study, skipped } = ownerStudy(audit('{ model: random-forest }'));
  expect(study.defenses.map(({ name }) => name)).toEqual([
    ...['none', 'label-only', 'top-k', 'rounding', 'temperature'],
  ]);
  expect(skipped).toHaveLength(6);
  expect(skipped[0]?.reason).toContain('random-forest is not a network');
});

it('says which training is too large a batch for privacy', () => {
  const { skipped } = ownerStudy(audit('{ model: mlp, epochs: 5, batchSize: 301 }'));
  expect(skipped).toEqual([{ name: 'dp-sgd', reason: expect.stringContaining('301') }]);
});

it('tries the defence of the audit itself once, as it is set', () => {
  const { study } = ownerStudy(audit('{ model: mlp, epochs: 5 }', 'defense: { l2: { lambda: 0.25 } }'));
  const l2 = study.defenses.filter(({ name }) => name === 'l2');
  expect(l2).toMatchObject([{ params: { lambda: 0.25 } }]);
  expect(study.defenses[0]?.name).toBe('none');
});
