/** Models as PyTorch, scikit-learn, Keras and LightGBM export them, audited from options alone. */
import { describe, expect, it } from 'vitest';
import { fixtureModels } from '../golden/models/read-models.ts';
import { aucOf, bench, fixtureOptions, fixtureRows, LOSS } from './own-run.ts';

const { run, save } = bench();
const ROUNDED = 1e-6;

describe.each(fixtureModels)('$name of $expected.library', ({ name, expected }) => {
  it('has the figures that its library found', async () => {
    const found = await run(name, 'audit', ...fixtureOptions(name), ...LOSS);
    expect(found.status, found.stderr).toBe(0);
    expect(Math.abs(aucOf(found) - expected.lossAuc)).toBeLessThan(0.01);
    const { trainAccuracy, testAccuracy } = found.report.target;
    expect(Math.abs((trainAccuracy?.value ?? 0) - expected.accuracy.members)).toBeLessThan(ROUNDED);
    expect(Math.abs((testAccuracy?.value ?? 0) - expected.accuracy.nonMembers)).toBeLessThan(ROUNDED);
    expect(found.stderr).toContain('Accuracy of the model on members');
  });
});

describe('attacks where nobody names any', () => {
  it('are white-box ones too of a network, with clones of it as shadow models', async () => {
    const { head, rows } = fixtureRows('cancer-non-members.csv');
    const half = (from: number, to: number) =>
      save(`half-${from}.csv`, `${[head, ...rows.slice(from, to)].join('\n')}\n`);
    const given = fixtureOptions('torch-mlp');
    const options = given.map((text) => (text.endsWith('non-members.csv') ? half(0, 142) : text));
    const { status, report, stderr } = await run(
      'network',
      ...['audit', ...options, '--auxiliary', half(142, 285), '--shadow-epochs', '2'],
    );
    expect(status, stderr).toBe(0);
    const whiteBox = report.results.filter(({ threatModel }) => threatModel.access === 'white-box');
    expect(whiteBox.length).toBeGreaterThan(0);
    expect(report.results.some(({ references }) => references.count > 0)).toBe(true);
    expect(report.data.splits).toMatchObject({ 'target-train': 284, 'target-test': 142 });
    expect(JSON.stringify(report.target.notes ?? [])).not.toContain('another architecture');
  });

  it('are black-box ones of a forest, and the others are listed with what they need', async () => {
    const { status, report, stderr } = await run('forest', 'audit', ...fixtureOptions('sklearn-forest'));
    expect(status, stderr).toBe(0);
    expect(report.results.length).toBeGreaterThan(1);
    expect(report.results.every(({ threatModel }) => threatModel.access === 'black-box')).toBe(true);
    const why = new Map(report.notRun?.map((one) => [one.attack, one.why]));
    expect(why.get('inversion/mi-face')).toMatch(/white-box/);
    expect(why.get('membership/rmia')).toMatch(/--auxiliary/);
  });

  it('refuses an attack that reads inside a forest', async () => {
    const options = [...fixtureOptions('sklearn-forest'), '--attacks', 'inversion/mi-face'];
    const { status, stderr } = await run('inside', 'audit', ...options);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error\[MLD_/m);
  });
});
