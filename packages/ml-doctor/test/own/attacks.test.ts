/** Defences of the answers, and attacks of every family, on models that were not trained here. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { npz } from '../data/write-npz.ts';
import { fixtureData, fixtureModel } from '../golden/models/read-models.ts';
import { bench, fixtureOptions, fixtureRows, MODELS } from './own-run.ts';

const { run, save } = bench();
const data = join(MODELS, 'data');

/** @param body what stands below `target` and `data` */
const config = (name: string, model: string, dataText: string, body: string) =>
  save(
    `${name}.yaml`,
    `target: { onnx: '${join(MODELS, `${model}.onnx`)}'${body.startsWith('+') ? body.slice(1) : ` }\n${body}`}\n${dataText}\n`,
  );

const cancer = `data: { members: '${data}/cancer-members.csv', nonMembers: '${data}/cancer-non-members.csv' }`;

describe('a defence of the answers', () => {
  it('changes what attackers see, and not the model', async () => {
    const file = config(
      'defended',
      'torch-mlp',
      cancer,
      `defense: { rounding: { digits: 1 } }\nattacks: [membership/loss-threshold]`,
    );
    const { status, stderr, report } = await run('defended', 'audit', file);
    const open = await run(
      'open',
      'audit',
      ...fixtureOptions('torch-mlp'),
      '--attacks',
      'membership/loss-threshold',
    );
    expect(status, stderr).toBe(0);
    expect(report.target.testAccuracy).toEqual(open.report.target.testAccuracy);
    expect(report.results[0]?.metrics['auc']).not.toEqual(open.report.results[0]?.metrics['auc']);
    expect(JSON.stringify(report.config)).toMatch(/rounding/);
  });

  it('of the training comes too late', async () => {
    const file = config('late', 'torch-mlp', cancer, 'defense: l2\nattacks: [membership/loss-threshold]');
    const { status, stderr } = await run('late', 'audit', file);
    expect(status).toBe(2);
    expect(stderr).toContain('error[MLD_DEFENSE_UNSUITED]');
  });
});

describe('attacks of other families', () => {
  it('steal a copy with half of the records, and attack through it', async () => {
    const file = config(
      'steal',
      'torch-mlp',
      cancer,
      `attacks:
  - stealing/posterior-matching: { auxiliary: partial, epochs: 3 }
  - { membership/loss-threshold: { auxiliary: none }, through: stealing/posterior-matching }`,
    );
    const { status, stderr, report } = await run('steal', 'audit', file);
    expect(status, stderr).toBe(0);
    expect(report.holes).toEqual([]);
    expect(report.results.map(({ attack }) => attack)).toEqual([
      'stealing/posterior-matching',
      'membership/loss-threshold',
    ]);
    expect(report.results[0]?.metrics['agreement']?.value).toBeGreaterThan(0.3);
  });

  it('reconstruct the digits that a network has learnt', async () => {
    const { data: found, members } = fixtureData(fixtureModel('torch-cnn').expected);
    const side = (name: string, from: number, count: number) =>
      save(
        `${name}.npz`,
        npz({
          x: {
            descr: '<f4',
            shape: [count, 1, 8, 8],
            values: [...found.x.subarray(64 * from, 64 * (from + count))],
          },
          y: { descr: '<i4', shape: [count], values: [...found.y.subarray(from, from + count)] },
        }),
      );
    const file = config(
      'invert',
      'torch-cnn',
      `data: { members: ${side('in', 0, 150)}, nonMembers: ${side('out', members, 150)}, auxiliary: ${side('aux', members + 150, 300)} }`,
      '+, scale: 1/16, mean: 0.5, std: 0.5, shadows: { epochs: 1 } }\nattacks:\n  - inversion/mi-face: { iterations: 20 }',
    );
    const { status, stderr, report } = await run('invert', 'audit', file);
    expect(status, stderr).toBe(0);
    expect(report.results.map(({ attack }) => attack)).toEqual(['inversion/mi-face']);
    expect(report.holes).toEqual([]);
  });

  it('guess an attribute of the records', async () => {
    const region = ({ head, rows }: ReturnType<typeof fixtureRows>) =>
      `${head},region\n${rows.map((row, i) => `${row},${i % 2 ? 'north' : 'south'}`).join('\n')}\n`;
    const members = save('attribute/members.csv', region(fixtureRows('cancer-members.csv')));
    const others = save('attribute/others.csv', region(fixtureRows('cancer-non-members.csv')));
    const file = config(
      'attribute',
      'torch-mlp',
      `data: { members: '${members}', nonMembers: '${others}', attributes: [region] }`,
      'attacks:\n  - attribute/embedding: { attribute: region, auxiliary: partial, epochs: 2 }',
    );
    const { status, stderr, report } = await run('attribute', 'audit', file);
    expect(status, stderr).toBe(0);
    expect(report.results[0]?.attack).toBe('attribute/embedding');
    // Regions alternate: nothing of the model can tell them.
    const { low, high } = report.results[0]?.metrics['accuracy'] ?? {};
    expect(low).toBeLessThan(0.5);
    expect(high).toBeGreaterThan(0.5);
  });
});
