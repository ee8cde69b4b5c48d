import { createSession, floats, type Tensor } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import { fixtureData, fixtureModels } from '../../../test/golden/models/read-models.ts';
import { batch } from '../../data/dataset.ts';
import { argmax } from '../../stats/argmax.ts';
import { crossEntropyLoss, posterior } from '../../stats/log-posterior.ts';
import { openClassifier } from './classifier.ts';

/** What each kind of model can do besides being asked. */
const differentiable = /^(torch|keras)/;

/** P(a member's loss is below a non-member's), ties half, by counting pairs. */
const lossAuc = (members: readonly number[], nonMembers: readonly number[]): number => {
  let pairs = 0;
  for (const a of members) for (const b of nonMembers) pairs += a < b ? 1 : a === b ? 0.5 : 0;
  return pairs / (members.length * nonMembers.length);
};

describe.each(fixtureModels)('$name of $expected.library', ({ name, bytes, expected }) => {
  it('answers what its library does, found out or told', async () => {
    const { data, members } = fixtureData(expected);
    const rows = Array.from({ length: data.size }, (_, i) => i);
    const { x, y } = batch(data, rows);
    const probe = { values: x.subarray(0, (x.length / data.size) * 16), rows: 16 };
    const found = await openClassifier(bytes, name, { recordShape: data.recordShape, probe });
    expect(found.classes).toBe(expected.golden[0]?.posterior.length);
    expect(found.differentiable).toBe(differentiable.test(name));
    if (expected.classes && !name.startsWith('keras')) expect(found.classNames).toEqual(expected.classes);

    await using session = await createSession(found.graph);
    const { logits } = await session.run({
      x: { dtype: 'float32', dims: [data.size, ...data.recordShape], data: x },
    });
    const values = floats(logits as Tensor);
    const answers = rows.map((i) => values.subarray(i * found.classes, (i + 1) * found.classes));
    for (const { nonMember, posterior: golden } of expected.golden)
      posterior(answers[members + nonMember] ?? []).forEach((p, k) => {
        expect(Math.abs(p - (golden[k] as number)), `record ${nonMember}, class ${k}`).toBeLessThan(1e-4);
      });
    const right = rows.map((i) => (argmax(answers[i] ?? []) === y[i] ? 1 : 0) as number);
    const share = (from: number, to: number) =>
      right.slice(from, to).reduce((a, b) => a + b, 0) / (to - from);
    expect(share(0, members)).toBeCloseTo(expected.accuracy.members, 12);
    expect(share(members, data.size)).toBeCloseTo(expected.accuracy.nonMembers, 12);
    const losses = rows.map((i) => crossEntropyLoss(answers[i] ?? [], y[i] as number));
    const auc = lossAuc(losses.slice(0, members), losses.slice(members));
    expect(Math.abs(auc - expected.lossAuc)).toBeLessThan(0.01);

    // A worker knows the form and has no probe.
    const told = await openClassifier(bytes, name, {
      recordShape: data.recordShape,
      form: found.form,
      probe: { values: new Float32Array(0), rows: 0 },
    });
    expect(told.classes).toBe(found.classes);
    await using again = await createSession(told.graph);
    const { logits: same } = await again.run({
      x: { dtype: 'float32', dims: [data.size, ...data.recordShape], data: x },
    });
    expect(floats(same as Tensor)).toEqual(values);
  });
});
