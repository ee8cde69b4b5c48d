/** What somebody's own target leaves no room for, attack by attack. */
import { describe, expect, it } from 'vitest';
import { attackChoice, tinyWith } from '../../../test/audit/tiny-audit.ts';
import { attackOf } from '../../attacks/registry.ts';
import { defenseOf } from '../../defenses/registry.ts';
import { FULL_OFFER, type Offer } from '../../targets/threat-model.ts';
import { type Cell, cellOf } from '../cell.ts';
import { refuseUnsuitedOwn, refuseUnsuitedOwnDefense } from './check-own.ts';
import type { OwnCell, Subject } from './subject.ts';

const NETWORK: Subject = { kind: 'onnx', digest: 'd', sha256: 's', differentiable: true };
const OUTPUTS: Subject = { kind: 'outputs', answers: 'a', known: 'posteriors' };
const ENDPOINT: Subject = { kind: 'remote', target: 'target', identity: 'url' };
const SERVICE: Subject = { ...ENDPOINT, service: 'service' };
const ANSWERS: Offer = { access: 'black-box', output: 'posteriors' };

const cell = (subject: Subject, auxiliary = 100, offers: Offer = FULL_OFFER): Cell => ({
  ...cellOf(tinyWith({ attacks: [] })),
  offers,
  own: { subject, sizes: { members: 100, nonMembers: 100, auxiliary } } as OwnCell,
});

const refused = (of: Cell, name: string, params: Record<string, unknown> = {}): unknown => {
  try {
    refuseUnsuitedOwn(name, attackOf(name).configure(attackChoice(name, params).params), of);
  } catch (error) {
    return error;
  }
  return 'accepted';
};

const UNSUITED = 'MLD_ATTACK_UNSUITED';
const unsuited = (text: string) => ({ code: UNSUITED, message: expect.stringContaining(text) });

describe('saved outputs', () => {
  const outputs = cell(OUTPUTS, 0, ANSWERS);
  it.each<[string, Record<string, unknown>]>([
    ['membership/loss-threshold', { auxiliary: 'none' }],
    ['membership/label-only', { method: 'gap' }],
    ['membership/shadow-classifier', { auxiliary: 'partial' }],
  ])('are enough for %s with %j', (name, params) => {
    expect(refused(outputs, name, params)).toBe('accepted');
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['membership/loss-threshold', {}, 'records to train models on'],
    ['membership/lira', {}, 'records to train models on'],
    ['membership/quantile', {}, 'the model file|the records|records to train models on'],
    ['membership/shadow-classifier', { access: 'white-box', auxiliary: 'partial' }, 'the model file'],
    ['membership/label-only', { method: 'boundary' }, 'inputs of the attacker’s making'],
    ['membership/one-run-audit', {}, 'trains the target anew'],
    ['inversion/mi-face', {}, 'the records themselves, and a model that answers'],
    ['stealing/knockoff', {}, 'the records themselves, and a model that answers'],
  ])('are not for %s with %j', (name, params, needs) => {
    expect(refused(outputs, name, params)).toMatchObject({
      code: UNSUITED,
      message: expect.stringMatching(new RegExp(needs)),
    });
  });
});

describe('records of the attacker', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['membership/loss-threshold', { auxiliary: 'none' }, false],
    ['membership/loss-threshold', {}, true],
    ['membership/shadow-classifier', { auxiliary: 'partial' }, false],
    ['membership/shadow-classifier', {}, true],
    ['membership/lira', { mode: 'online' }, false],
    ['membership/lira', { mode: 'offline' }, true],
    ['membership/rmia', { mode: 'offline' }, true],
    ['inversion/mi-face', {}, true],
  ])('%s with %j needs them: %s', (name, params, needs) => {
    const found = refused(cell(NETWORK, 1), name, params);
    if (needs)
      expect(found).toMatchObject(
        unsuited(
          name.startsWith('inversion/')
            ? 'auxiliary records'
            : 'the attacker’s own records'.replace('’', "'"),
        ),
      );
    else expect(found).toBe('accepted');
    expect(refused(cell(NETWORK, 2), name, params)).toBe('accepted');
  });
});

it('a target that offers less than an attack needs is told before records are', () => {
  const endpoint = cell(ENDPOINT, 0, ANSWERS);
  expect(refused(endpoint, 'inversion/mi-face')).toMatchObject({ code: 'MLD_THREAT_MODEL' });
  const labels = cell(ENDPOINT, 100, { access: 'black-box', output: 'label' });
  expect(refused(labels, 'membership/loss-threshold')).toMatchObject({ code: 'MLD_THREAT_MODEL' });
  expect(refused(labels, 'membership/label-only', { method: 'gap' })).toBe('accepted');
});

it('a copy is held in full, whatever the target offers', () => {
  const copy = cell({ kind: 'copy' }, 100, { access: 'black-box', output: 'label' });
  expect(refused(copy, 'inversion/mi-face')).toBe('accepted');
});

it('a training with canaries is nobody’s who has the model alone', () => {
  expect(refused(cell(NETWORK), 'membership/one-run-audit')).toMatchObject(unsuited('canaries'));
});

it('a service trains in its own way, on records of the attacker’s', () => {
  const shokri = attackChoice('membership/shokri').params as Record<string, unknown>;
  expect(refused(cell(SERVICE), 'membership/lira')).toBe('accepted');
  expect(refused(cell(SERVICE), 'membership/ml-leaks', { adversary: 'combining' })).toMatchObject(
    unsuited('models of its own choice'),
  );
  expect(refused(cell(ENDPOINT), 'membership/ml-leaks', { adversary: 'combining' })).toBe('accepted');
  expect(refused(cell(SERVICE), 'membership/shokri', shokri)).toBe('accepted');
});

describe('defences', () => {
  const judged = (subject: Subject, name: string) => {
    const of = cell(subject);
    try {
      const params = name === 'none' ? {} : defenseOf(name).configure({}).params;
      refuseUnsuitedOwnDefense({ ...of, defense: { name, params } }, of.own as OwnCell);
    } catch (error) {
      return (error as { code?: string }).code;
    }
    return 'accepted';
  };

  it('may change answers that are still to come', () => {
    expect(judged(NETWORK, 'none')).toBe('accepted');
    expect(judged(NETWORK, 'label-only')).toBe('accepted');
    expect(judged(ENDPOINT, 'label-only')).toBe('accepted');
    expect(judged(NETWORK, 'dropout')).toBe('MLD_DEFENSE_UNSUITED');
    expect(judged(OUTPUTS, 'none')).toBe('accepted');
    expect(judged(OUTPUTS, 'label-only')).toBe('MLD_DEFENSE_UNSUITED');
  });
});
