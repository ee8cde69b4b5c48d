/**
 * Whose attribute a white-box attack is said to learn, over many seeds: nobody's from targets that know their training
 * records by heart but never see the attribute, those of training records where that is what was learnt.
 */

import { describe, expect, it } from 'vitest';
import type { ConfiguredAttribute } from '../../src/attacks/attribute/attribute-attack.ts';
import { attributeAttacks } from '../../src/attacks/attribute/registry.ts';
import { context, noise, opened, span, table } from '../../src/audit/selftest/bench/attribute-world.ts';
import type { Dataset } from '../../src/data/dataset.ts';
import { evaluateAttribute } from '../../src/evaluate/attribute/evaluate-attribute.ts';
import type { Guessed } from '../../src/evaluate/attribute/evidence.ts';
import { bestPredictor } from '../../src/models/predictor/best-predictor.ts';
import { majorityPredictor } from '../../src/models/predictor/frequency.ts';
import { recordRows } from '../../src/models/predictor/record-rows.ts';
import { mlDoctorRecipe } from '../../src/models/recipe.ts';
import { trainModel } from '../../src/models/train-model.ts';
import { attributeVerdict } from '../../src/report/verdict/attribute.ts';

const [MEMBERS, COLUMNS] = [600, 12];
const SEX = { name: 'sex', kind: 'binary', categories: ['m', 'f'] } as const;

interface World {
  readonly data: Dataset;
  readonly attribute: readonly number[];
  readonly labels: readonly number[];
  readonly rest: readonly (readonly number[])[];
}

/** A column for the attribute, which goes along with two others, and labels that go along with two more, or with nothing. */
const worldOf = (seed: number, learnable: boolean): World => {
  const z = noise(seed, 2 * MEMBERS, COLUMNS + 2);
  const rest = z.map((row) => row.slice(0, COLUMNS));
  const attribute = z.map((row) => (row[0]! + 0.7 * row[1]! + row[COLUMNS]! > 0 ? 1 : 0));
  const labels = z.map((row, i) =>
    learnable ? (row[2]! + 0.5 * row[3]! + row[COLUMNS + 1]! > 0 ? 1 : 0) : (i * 2654435761) % 8,
  );
  const columns = [
    { name: 'sex', categories: SEX.categories, ordered: true },
    ...span(0, COLUMNS).map((c) => ({ name: `column ${c}` })),
  ];
  const data = table(
    rest.map((row, i) => [attribute[i]!, ...row]),
    labels,
    { columns },
  );
  return { data, attribute, labels, rest };
};

/** Trained by heart; to a blind target every attribute is 0. */
const targetOf = async ({ data, rest, labels }: World, seed: number, blind: boolean) => {
  const seen = blind
    ? table(
        rest.map((row) => [0, ...row]),
        labels,
      )
    : data;
  const { model } = await trainModel({
    ...{ architecture: 'mlp', data: seen, records: Uint32Array.from(span(0, MEMBERS)), seed },
    recipe: { ...mlDoctorRecipe(100), batchSize: 32 },
    ...{ threads: 1, device: 'cpu', signal: context.signal, progress: () => {} },
  });
  if (!blind) return model;
  for (const { dims, data: weights } of model.initializers.values()) {
    const values = weights as Float32Array;
    // The first layer's weights of the attribute, which is the first column, whichever way they are stored.
    const [rows, width] = dims as readonly [number, number?];
    if (width === COLUMNS + 1) for (let i = 0; i < values.length; i += width) values[i] = 0;
    else if (rows === COLUMNS + 1 && width !== undefined) values.fill(0, 0, width);
  }
  return model;
};

const judged = async (attack: ConfiguredAttribute, seed: number, blind: boolean) => {
  const world = worldOf(seed, blind);
  const { data, attribute, labels, rest } = world;
  const model = await targetOf(world, seed, blind);
  const own = { ...context, seed };
  const rowsOf = (ids: readonly number[]) =>
    recordRows(
      Float32Array.from(ids.flatMap((id) => rest[id]!)),
      Int32Array.from(ids, (id) => labels[id]!),
      data.classes.length,
    );
  const truthOf = (ids: readonly number[]) => Int32Array.from(ids, (id) => attribute[id]!);
  const side = async (first: number): Promise<Guessed> => {
    const all = span(first, MEMBERS);
    const known = all.filter((id) => id % 2 === 0);
    const asked = all.filter((id) => id % 2 === 1);
    const { input, close } = opened({ data, attribute: 'sex', model, known, asked });
    const guesses = await attack.run(input, own);
    await close();
    const examples = { rows: rowsOf(known), truth: truthOf(known), categories: 2 };
    return {
      ids: Uint32Array.from(asked),
      truth: truthOf(asked),
      attack: guesses,
      imputation: await (await bestPredictor(examples, own)).predict(rowsOf(asked)),
      majority: majorityPredictor(examples).predict(asked.length),
    };
  };
  const [members, nonMembers] = [await side(0), await side(MEMBERS)];
  const { metrics, baselines } = evaluateAttribute({ attribute: SEX, members, nonMembers, seed });
  const records = { members: members.ids.length, nonMembers: nonMembers.ids.length };
  return attributeVerdict(metrics, baselines, records, SEX);
};

const attack = attributeAttacks['attribute/gradient'].configure({ auxiliary: 'partial' });

describe('attribute/gradient with partial data', () => {
  it('says of no blind target that it keeps its training records', async () => {
    const findings: (string | undefined)[] = [];
    for (const seed of span(1, 20)) findings.push((await judged(attack, seed, true)).finding);
    // Two measures, each by chance in 1 of 40; three or more of 20 have a chance below 8 %.
    expect(findings.filter((finding) => finding === 'training-records').length).toBeLessThanOrEqual(2);
  });

  it('says it of targets that learnt noise by heart, attribute and all', async () => {
    const findings: (string | undefined)[] = [];
    for (const seed of span(1, 6)) findings.push((await judged(attack, seed, false)).finding);
    expect(findings.filter((finding) => finding === 'training-records').length).toBeGreaterThanOrEqual(5);
  });
});
