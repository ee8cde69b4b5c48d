/** Targets of any kind behind an output defence: an endpoint, and a model whose members an attack finds. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSession } from 'onnx-grad';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lossThreshold } from '../../attacks/membership/loss-threshold/loss-threshold.ts';
import { bench, benchData, context, memoriser } from '../../audit/selftest/bench/membership-bench.ts';
import { splitQuarters } from '../../data/split.ts';
import { evaluateMembership } from '../../evaluate/membership.ts';
import { argmax } from '../../stats/argmax.ts';
import type { Inputs, LivePosteriorAccess, Records, WhiteBoxAccess } from '../../targets/access.ts';
import { savedOutputs } from '../../targets/saved-outputs.ts';
import { defendedAccess } from './defended-access.ts';
import type { OutputForm } from './output-form.ts';
import { HIDDEN } from './shown-output.ts';
import { withOutput } from './with-output.ts';

/** Answers rows of three numbers by their squares, divided by their sum. */
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const posteriors = (JSON.parse(body) as number[][]).map((row) => {
    const total = row.reduce((sum, v) => sum + v * v, 0);
    return row.map((v) => (v * v) / total);
  });
  response.end(JSON.stringify(posteriors));
});
beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)));
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const classes = 3;
const held = new Map([
  [4, [1, 2, 3]],
  [9, [6, 0, 2]],
]);

/** The endpoint as a target. A view moves all three numbers of a record. */
function endpoint(): LivePosteriorAccess {
  const answersOf = async ({ values, rows }: Inputs) => {
    const { port } = server.address() as AddressInfo;
    const body = JSON.stringify(
      Array.from({ length: rows }, (_, i) => [...values.subarray(3 * i, 3 * i + 3)]),
    );
    const reply = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body });
    return { logits: Float32Array.from(((await reply.json()) as number[][]).flat(), Math.log), classes };
  };
  const query: LivePosteriorAccess['query'] = ({ ids }, view) =>
    answersOf({
      values: Float32Array.from([...ids].flatMap((id) => held.get(id)!.map((v) => v + (view?.dx ?? 0)))),
      rows: ids.length,
    });
  const labelled = (logits: Float32Array) =>
    Int32Array.from({ length: logits.length / classes }, (_, i) => argmax(logits.subarray(3 * i, 3 * i + 3)));
  return {
    classes,
    answersOf,
    query,
    labelsOf: async (inputs) => labelled((await answersOf(inputs)).logits),
    labels: async (records, view) => labelled((await query(records, view)).logits),
    top: async () => expect.unreachable('what is the largest is told by what is shown'),
  };
}

const posteriorsOf = (logits: Float32Array) =>
  [...logits].map((log) => Math.round(1e6 * Math.exp(log)) / 1e6);
const records: Records = { ids: Uint32Array.of(9, 4), labels: Int32Array.of(0, 1) };
const moved = { dx: -2, dy: 0, flip: false };

describe('an endpoint behind a defence', () => {
  it('answers rounded, about records, views of them and inputs', async () => {
    const access = await defendedAccess(endpoint(), { shows: 'posteriors', digits: 1 });
    expect(access.classes).toBe(3);
    // 36, 0 and 4 over 40; 1, 4 and 9 over 14.
    const { logits } = await access.query(records);
    expect(posteriorsOf(logits)).toEqual([0.9, 0, 0.1, 0.1, 0.3, 0.6]);
    expect(logits[1]).toBeCloseTo(Math.log(HIDDEN), 4);
    expect([...(await access.labels(records))]).toEqual([0, 2]);
    // Less two: 16, 4 and 0 over 20; 1, 0 and 1 over 2.
    expect(posteriorsOf((await access.query(records, moved)).logits)).toEqual([0.8, 0.2, 0, 0.5, 0, 0.5]);
    expect([...(await access.labels(records, moved))]).toEqual([0, 0]);
    const made = { values: Float32Array.of(0, 1, 2), rows: 1 };
    expect(posteriorsOf((await access.answersOf(made)).logits)).toEqual([0, 0.2, 0.8]);
    expect([...(await access.labelsOf(made))]).toEqual([2]);
    expect((await access.answersOf({ values: new Float32Array(0), rows: 0 })).logits).toHaveLength(0);
    await access.dispose();
    await expect(access.query(records)).rejects.toThrow('disposed');
  });

  it('gives the largest of what is shown, and what it leaves', async () => {
    const access = await defendedAccess(endpoint(), { shows: 'top-k', k: 2 });
    const { posteriors, k } = await access.top(records, 3);
    expect(k).toBe(3);
    [0.9, 0.1, 0, 9 / 14, 4 / 14, 1 / 14].forEach((p, i) => {
      expect(posteriors[i]).toBeCloseTo(p, 6);
    });
    const most = await access.top(records, 1);
    expect(most.k).toBe(1);
    expect(most.posteriors[1]).toBe(posteriors[3]);
    expect((await access.top(records, 10)).k).toBe(3);
    await access.dispose();
  });
});

it('answers many rows as it answers few', async () => {
  const rows = 9000;
  const logits = Float32Array.from({ length: 2 * rows }, (_, i) => (i * 7919) % 13);
  const ids = Uint32Array.from({ length: rows }, (_, i) => i);
  const access = await defendedAccess(savedOutputs({ ids, logits, classes: 2 }), { shows: 'label' });
  const found = await access.query({ ids, labels: new Int32Array(rows) });
  const named = (of: Float32Array) => Array.from(ids, (i) => argmax(of.subarray(2 * i, 2 * i + 2)));
  expect(named(found.logits)).toEqual(named(logits));
  expect(new Set(found.logits).size).toBe(2);
  await access.dispose();
});

describe('an attack on a model whose members it finds', () => {
  const attack = lossThreshold.configure({ auxiliary: 'none' });
  const options = { seed: 3, leak: 'leaky', size: 60 } as const;

  it.each<{ form: OutputForm; auc: readonly [least: number, most: number] }>([
    { form: { shows: 'posteriors' }, auc: [1, 1] },
    // Monotone in the posterior of the label, but no longer comparable between records.
    { form: { shows: 'posteriors', temperature: 5 }, auc: [0.9, 1.1] },
    { form: { shows: 'posteriors', digits: 1 }, auc: [0.9, 1.01] },
    { form: { shows: 'label' }, auc: [0.5, 0.999] },
  ])('scores the same behind $form, in one graph or after it', async ({ form, auc: [least, most] }) => {
    const { input, truth, close } = await bench(attack, options);
    const data = benchData(options, 'target');
    const members = splitQuarters(data.size, { seed: options.seed })['target-train'];
    const model = memoriser(data, members, options, 0);
    const scoresOn = async (target: LivePosteriorAccess) => {
      const asked = { ...(target as WhiteBoxAccess), queries: 0 };
      return (await attack.run({ ...input, target: asked }, context)).scores;
    };
    const { ids } = input.records;
    const aucOf = (scores: Float64Array) => evaluateMembership({ ids, scores }, truth).metrics.auc.value;
    const undefended = aucOf(await scoresOn(input.target));
    const access = await defendedAccess(input.target, form);
    const behind = await scoresOn(access);
    await using session = await createSession(withOutput(model, form));
    const x = {
      dtype: 'float32',
      dims: [ids.length, ...data.recordShape],
      data: input.data.inputs(input.records),
    } as const;
    const { logits } = await session.run({ x });
    const saved = savedOutputs({ ids, logits: logits!.data as Float32Array, classes: 5 });
    // One product of matrices may be summed in another order than in batches.
    const inside = await scoresOn(saved);
    inside.forEach((score, i) => {
      expect(Math.abs(score - behind[i]!)).toBeLessThan(1e-4);
    });
    const ratio = aucOf(behind) / undefended;
    expect(ratio).toBeGreaterThanOrEqual(least);
    expect(ratio).toBeLessThanOrEqual(most);
    await access.dispose();
    await close();
  });
});
