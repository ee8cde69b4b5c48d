/** Scores of attacks on answers made by hand: from logits, through one softmax, and higher for members. */
import { describe, expect, it } from 'vitest';
import { labelOnly } from '../../src/attacks/membership/label-only/label-only.ts';
import { confidences } from '../../src/attacks/membership/lira/confidence.ts';
import { bench, context } from '../../src/audit/selftest/bench/membership-bench.ts';
import { IDENTITY } from '../../src/data/view-key.ts';
import { auc } from '../../src/stats/auc.ts';
import { groupScores } from '../../src/stats/roc.ts';
import { savedOutputs } from '../../src/targets/saved-outputs.ts';

describe('LiRA', () => {
  it('asks a model for logits: with two classes its confidence is their difference', async () => {
    const ids = Uint32Array.of(3, 5, 9);
    const logits = Float32Array.of(1, 4, -2, 0.5, 30, -30);
    const model = savedOutputs({ ids, logits, classes: 2 });
    const [found] = await confidences(model, { ids, labels: Int32Array.of(1, 0, 0) }, [IDENTITY]);
    expect([...(found ?? [])]).toEqual([3, -2.5, 60]);
  });
});

describe('label-only, boundary', () => {
  it('puts the members of a lookup model above the others, which it misclassifies', async () => {
    const attack = labelOnly.configure({ method: 'boundary', budget: 150 });
    const { input, truth, close } = await bench(attack, { seed: 2, leak: 'lookup', size: 12 });
    const { scores } = await attack.run(input, context);
    await close();
    expect(auc(groupScores(scores, truth))).toBe(1);
  });
});
