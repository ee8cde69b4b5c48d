import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type {
  LabelAccess,
  LiveLabelAccess,
  LivePosteriorAccess,
  PosteriorAccess,
  TopAccess,
  WeightAccess,
  WhiteBoxAccess,
} from './access.ts';
import {
  ACCESSES,
  type AccessOf,
  FULL_OFFER,
  type Need,
  type Offer,
  OUTPUTS,
  shortfall,
  type ThreatModel,
} from './threat-model.ts';

describe('shortfall', () => {
  it.each<[string, Need, Offer, ReturnType<typeof shortfall>]>([
    [
      'a white-box attack on a black-box endpoint',
      { access: 'white-box', output: 'label' },
      { access: 'black-box', output: 'posteriors' },
      { part: 'access', needs: 'white-box', offers: 'black-box' },
    ],
    [
      'posteriors from an endpoint that tells labels',
      { access: 'black-box', output: 'posteriors' },
      { access: 'black-box', output: 'label' },
      { part: 'output', needs: 'posteriors', offers: 'label' },
    ],
    [
      'the first k from one that tells the first',
      { access: 'black-box', output: 'topK' },
      { access: 'white-box', output: 'top1' },
      { part: 'output', needs: 'topK', offers: 'top1' },
    ],
    [
      'both, of which access is told first',
      { access: 'white-box', output: 'posteriors' },
      { access: 'black-box', output: 'label' },
      { part: 'access', needs: 'white-box', offers: 'black-box' },
    ],
    ['a black-box attack on a file', { access: 'black-box', output: 'label' }, FULL_OFFER, undefined],
    [
      'labels where posteriors are told',
      { access: 'black-box', output: 'label' },
      { access: 'black-box', output: 'posteriors' },
      undefined,
    ],
  ])('says of %s what is missing', (_, need, offer, expected) => {
    expect(shortfall(need, offer)).toEqual(expected);
  });

  const outputRank = ({ output }: Offer) => (output === 'loss' ? -1 : OUTPUTS.indexOf(output));
  const pairs = ACCESSES.flatMap((access) => OUTPUTS.map((output) => ({ access, output })));

  it('finds that everything needs no more than itself and a full offer', () => {
    for (const pair of pairs) {
      expect(shortfall(pair, pair)).toBeUndefined();
      expect(shortfall(pair, FULL_OFFER)).toBeUndefined();
    }
  });

  it('lets losses do for what reads the loss alone, and for nothing else', () => {
    const offer: Offer = { access: 'black-box', output: 'loss' };
    expect(shortfall({ access: 'black-box', output: 'posteriors', readsLoss: true }, offer)).toBeUndefined();
    expect(shortfall({ access: 'black-box', output: 'label' }, offer)).toEqual({
      part: 'output',
      needs: 'label',
      offers: 'loss',
    });
    expect(shortfall({ access: 'white-box', output: 'posteriors', readsLoss: true }, offer)).toMatchObject({
      part: 'access',
    });
  });

  it('never finds more missing when more is offered', () => {
    const one = fc.constantFrom(...pairs);
    const more = (a: Offer, b: Offer) =>
      ACCESSES.indexOf(b.access) >= ACCESSES.indexOf(a.access) && outputRank(b) >= outputRank(a);
    fc.assert(
      fc.property(one, one, one, (need, offer, richer) => {
        fc.pre(more(offer, richer) && shortfall(need, offer) === undefined);
        expect(shortfall(need, richer)).toBeUndefined();
      }),
    );
  });
});

/** Checked by the compiler: no value is looked at when this runs. */
describe('AccessOf', () => {
  type With<N extends Partial<ThreatModel>> = AccessOf<ThreatModel & N>;

  it('gives whoever holds the weights, but not all of a record, nothing that takes records by their ids', () => {
    expectTypeOf<With<{ access: 'white-box'; record: 'rest' }>>().toEqualTypeOf<WeightAccess>();
    expectTypeOf<keyof WeightAccess>().toEqualTypeOf<'answersOf' | 'classes' | 'labelsOf' | 'model'>();
    expectTypeOf<With<{ access: 'white-box'; record: 'xy' }>>().toEqualTypeOf<WhiteBoxAccess>();
    expectTypeOf<With<{ access: 'white-box'; record: 'none' }>>().toEqualTypeOf<WhiteBoxAccess>();
  });

  it('gives black-box attackers what their outputs and inputs say, whatever they know of a record', () => {
    type Black<N extends Partial<ThreatModel>> = With<{ access: 'black-box'; record: 'rest' } & N>;
    expectTypeOf<Black<{ output: 'label' }>>().toEqualTypeOf<LabelAccess>();
    expectTypeOf<Black<{ output: 'topK' }>>().toEqualTypeOf<TopAccess>();
    expectTypeOf<Black<{ output: 'posteriors' }>>().toEqualTypeOf<PosteriorAccess>();
    expectTypeOf<Black<{ output: 'label'; inputs: 'any' }>>().toEqualTypeOf<LiveLabelAccess>();
    expectTypeOf<Black<{ output: 'posteriors'; inputs: 'any' }>>().toEqualTypeOf<LivePosteriorAccess>();
  });
});
