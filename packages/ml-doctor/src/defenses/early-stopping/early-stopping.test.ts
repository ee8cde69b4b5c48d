import fc from 'fast-check';
import { stream } from 'onnx-grad';
import { describe, expect, it } from 'vitest';
import {
  learnerOptions,
  logitsOf,
  noise,
  sameFile,
  stoppedAndResumed,
} from '../../audit/selftest/bench/small-learner.ts';
import type { Dataset } from '../../data/dataset.ts';
import { trainModel } from '../../models/train-model.ts';
import type { LearnerOptions } from '../defense.ts';
import { earlyStopping, holdOut } from './early-stopping.ts';

/** Labels by chance are learnt by heart, and each one learnt makes the others' loss worse. */
const data = noise([6], { size: 60, seed: 3 });
const EPOCHS = 14;
const options = learnerOptions({ data, recipe: { ...learnerOptions().recipe, epochs: EPOCHS } });
const params = { validation: 0.3, patience: 3 };
const train = (from: LearnerOptions) => earlyStopping.configure(params).learner!.train(from);

/** Mean cross-entropy of some records, in double precision. */
const lossOn = async (model: Parameters<typeof logitsOf>[0], of: Dataset, records: Uint32Array) => {
  const { data: logits } = await logitsOf(model, of);
  let sum = 0;
  for (const record of records) {
    const row = Array.from((logits as Float32Array).subarray(3 * record, 3 * record + 3));
    const total = row.reduce((part, value) => part + Math.exp(value), 0);
    sum += Math.log(total) - (row[of.y[record] as number] as number);
  }
  return sum / records.length;
};

describe('early-stopping', () => {
  it('stops when the held-out records are learnt no longer, and keeps the best epoch', async () => {
    const { kept, heldOut } = holdOut(options.records, params.validation, options.seed);
    const told: number[] = [];
    const found = await train({ ...options, progress: ({ fraction }) => told.push(fraction) });
    // The same training, ended after each of its epochs.
    const after = (epochs: number) =>
      trainModel({ ...options, records: kept, recipe: { ...options.recipe, epochs } });
    const lost: number[] = [];
    for (let epochs = 1; epochs <= found.losses.length; epochs++)
      lost.push(await lossOn((await after(epochs)).model, data, heldOut));
    const best = lost.indexOf(Math.min(...lost));
    expect(found.losses.length).toBe(best + 1 + params.patience);
    expect(found.losses.length).toBeLessThan(EPOCHS);
    expect(sameFile(found.model, (await after(best + 1)).model)).toBe(true);
    expect(found.steps).toBe(found.losses.length * Math.ceil(kept.length / options.recipe.batchSize));
    expect(told.at(-1)).toBe(1);
  });

  it('keeps the best epoch also where patience never ends', async () => {
    const learner = earlyStopping.configure({ validation: 0.3, patience: 100 }).learner!;
    const found = await learner.train(options);
    expect(found.losses).toHaveLength(EPOCHS);
    expect(sameFile(found.model, (await train(options)).model)).toBe(true);
  });

  it('goes on where it was stopped, to the same bits', async () => {
    const { stopped, resumed, resumedAt } = await stoppedAndResumed(train, options);
    expect(stopped).toMatchObject({ code: 'OG_ABORTED' });
    expect(resumedAt).toBeGreaterThan(0);
    expect(sameFile(resumed.model, (await train(options)).model)).toBe(true);
  });

  it('holds out a share of the records by seed: one at least, and not all', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(1000), { minLength: 2, maxLength: 40 }),
        fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
        fc.nat(),
        (ids, share, seed) => {
          const records = Uint32Array.from(ids);
          const { kept, heldOut } = holdOut(records, share, seed);
          expect([...kept, ...heldOut].sort()).toEqual([...ids].sort());
          expect(ids.filter((id) => kept.includes(id))).toEqual([...kept]);
          expect(ids.filter((id) => heldOut.includes(id))).toEqual([...heldOut]);
          expect(Math.min(kept.length, heldOut.length)).toBeGreaterThan(0);
          const wanted = Math.min(ids.length - 1, Math.max(1, share * ids.length));
          expect(Math.abs(heldOut.length - wanted)).toBeLessThanOrEqual(0.5);
        },
      ),
    );
  });

  it('holds out every record equally often', () => {
    const records = stream(0, 'ids').permutation(10);
    const times = new Map<number, number>();
    for (let seed = 0; seed < 2000; seed++)
      for (const id of holdOut(records, 0.3, seed).heldOut) times.set(id, (times.get(id) ?? 0) + 1);
    // Deviation √(2000 · .3 · .7) = 20.5; five of them.
    for (const id of records) expect(Math.abs((times.get(id) ?? 0) - 600)).toBeLessThan(103);
  });

  it('says how many records were held out, and refuses one record', async () => {
    const { check, notes, train: learn } = earlyStopping.configure().learner!;
    const facts = (records: number) => ({
      ...{ architecture: 'mlp', recipe: options.recipe, classes: 3, records },
      build: () => expect.fail('no need'),
    });
    expect(notes(facts(60))).toEqual([expect.stringContaining('60 training records 6 were held out')]);
    expect(() => check(facts(2))).not.toThrow();
    expect(() => check(facts(1))).toThrow(expect.objectContaining({ code: 'MLD_DEFENSE_UNSUITED' }));
    await expect(async () => learn({ ...options, records: Uint32Array.of(4) })).rejects.toMatchObject({
      code: 'MLD_DEFENSE_UNSUITED',
    });
  });
});
