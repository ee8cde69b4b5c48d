/** The list says of every attack what an auditor chooses by. */

import { describe, expect, it } from 'vitest';
import { attacks } from '../attacks/registry.ts';
import { attackFacts } from './attack-facts.ts';

describe('attackFacts', () => {
  it('names every combination of access and data of ML-Doctor’s attack', () => {
    const { notation, options } = attackFacts(attacks['membership/shadow-classifier']);
    expect(notation).toBe('<B,S>');
    expect(options).toBe(
      'access white-box: <W,S> posteriors, trains 1 model on other data of the same kind; ' +
        'auxiliary partial: <B,P> posteriors, trains no models; ' +
        'access white-box, auxiliary partial: <W,P> posteriors, trains no models',
    );
  });

  it('tells what the attacker trains on', () => {
    const { models, options } = attackFacts(attacks['membership/lira']);
    expect(models).toBe(
      'trains 16 models on random halves that contain the audited records: a stronger attacker, who holds those records',
    );
    expect(options).toBe('mode offline: <B,S> posteriors, trains 16 models on other data of the same kind');
  });

  it('finds what takes two options', () => {
    const { options } = attackFacts(attacks['membership/ml-leaks']);
    expect(options).toContain(
      'adversary 3: <B,N> posteriors, trains no models, sends inputs of its own making',
    );
    expect(options).toMatch(/adversary 2, data [\w-]+: <B,O> topK, trains 1 model on another data set/);
    expect(options).toContain('adversary combining: <B,S> topK, trains 3 models');
    expect(attackFacts(attacks['membership/label-only'])).toMatchObject({
      ...{ notation: '<B,S>', output: 'label', inputs: 'of the attacker’s own making too' },
      options:
        'method gap: <B,N> label, trains no models; ' +
        'method augment: <B,S> label, trains 1 model on other data of the same kind',
    });
    expect(attackFacts(attacks['membership/quantile'])).not.toHaveProperty('options');
  });

  it('tells what a thief asks about, and of options what they change alone', () => {
    expect(attackFacts(attacks['stealing/posterior-matching'])).toMatchObject({
      ...{ notation: '<B,S>', output: 'posteriors', inputs: 'records only' },
      models: 'trains a copy on the target’s answers about other data of the same kind',
      options:
        'auxiliary partial: <B,P> posteriors, trains a copy on the target’s answers about half of its training records; ' +
        'output label: <B,S> label; output top1: <B,S> top1; output topK: <B,S> topK',
    });
    const { models, inputs, options } = attackFacts(attacks['stealing/knockoff']);
    expect(models).toBe('trains a copy on the target’s answers about random inputs');
    expect(inputs).toBe('of the attacker’s own making');
    expect(options).toMatch(
      /^pool [\w-]+: <B,O> posteriors, .* another data set.*; output label: <B,N> label; /,
    );
    const dataFree = attackFacts(attacks['stealing/data-free']);
    expect(dataFree.models).toMatch(/about inputs that a generator makes$/);
    expect(dataFree).not.toHaveProperty('options');
  });

  it.each(Object.values(attacks))('agrees with what $name needs', (attack) => {
    const { access, auxiliary, output, notation } = attackFacts(attack);
    const { needs } = attack.configure();
    expect([access, auxiliary, output]).toEqual([needs.access, needs.auxiliary, needs.output]);
    const long = access[0]!.toUpperCase() + { none: 'N', shadow: 'S', partial: 'P', other: 'O' }[auxiliary];
    expect(notation.replace(/\W/g, '')).toBe(long);
  });
});
