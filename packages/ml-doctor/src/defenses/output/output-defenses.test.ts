/** What the output defences are, by what they make of a row of posteriors. */
import { createSession } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { mlDoctorRecipe } from '../../models/recipe.ts';
import { defenseOf } from '../registry.ts';
import { outputGraph } from './shown-output.ts';

async function shownBy(name: string, params: unknown, posteriors: readonly number[]): Promise<number[]> {
  const { output } = defenseOf(name).configure(params);
  await using session = await createSession(outputGraph(posteriors.length, output!));
  const data = Float32Array.from(posteriors, Math.log);
  const { logits } = await session.run({ x: { dtype: 'float32', dims: [1, data.length], data } });
  return Array.from(logits!.data as Float32Array, (log) => Math.round(1e4 * Math.exp(log)) / 1e4);
}

const posteriors = [0.0616, 0.5632, 0.2504, 0.1248];

describe('output defences', () => {
  it.each([
    // What is left, in equal shares.
    ['top-k', { k: 2 }, [0.0932, 0.5632, 0.2504, 0.0932]],
    ['top-k', { k: 1 }, [0.1456, 0.5632, 0.1456, 0.1456]],
    ['label-only', {}, [0, 1, 0, 0]],
    ['rounding', {}, [0.1, 0.6, 0.3, 0.1]],
    ['rounding', { digits: 3 }, [0.062, 0.563, 0.25, 0.125]],
    // Square roots over their sum, 1.8523.
    ['temperature', { temperature: 2 }, [0.134, 0.4051, 0.2701, 0.1907]],
  ] as const)('%s %j', async (name, params, expected) => {
    expect(await shownBy(name, params, posteriors)).toEqual(expected);
  });

  it('have the parameters of the paper for defaults, and change the output only', () => {
    const forms = ['top-k', 'label-only', 'rounding', 'temperature'].map((name) => {
      const { changes } = defenseOf(name);
      const { params, harden, learner } = defenseOf(name).configure();
      const recipe = mlDoctorRecipe(3);
      expect({ changes, learner, recipe: harden(recipe) }).toEqual({ changes: ['output'], recipe });
      return params;
    });
    expect(forms).toEqual([{ k: 3 }, {}, { digits: 1 }, { temperature: 5 }]);
  });

  it.each([
    ['top-k', { k: 0 }],
    ['top-k', { k: 2.5 }],
    ['rounding', { digits: -1 }],
    ['rounding', { digits: 8 }],
    ['temperature', { temperature: 0 }],
    ['temperature', { temperature: Number.POSITIVE_INFINITY }],
    ['label-only', { k: 1 }],
  ])('%s refuses %j', (name, params) => {
    expect(() => defenseOf(name).configure(params)).toThrow(expect.objectContaining({ code: 'MLD_USAGE' }));
  });
});
