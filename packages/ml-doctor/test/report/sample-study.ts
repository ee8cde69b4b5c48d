/** A study of the shape of a real one: reports from simulated scores over a grid, one of them with holes. */

import { summariseStudy } from '../../src/report/study/summarise-study.ts';
import { type Draft, reportWithoutResults, sampleResult } from './sample-report.ts';

type Choice = { readonly name: string; readonly params: Record<string, number> };
export type SampleAudit = { readonly id: string; readonly report: Draft };

/** How far the scores of members lie above those of others: defences push them together. */
const EFFECT: Readonly<Record<string, number>> = { none: 1.2, l2: 0.5, 'dp-sgd': 0.05 };

export const SAMPLE_GRID = {
  data: ['fashion-mnist-10k', 'digits'],
  models: ['simple-cnn', 'mlp'],
  defenses: [
    { name: 'l2', params: { lambda: 0.001 } },
    { name: 'none', params: {} },
    { name: 'l2', params: { lambda: 0.01 } },
    { name: 'dp-sgd', params: { epsilon: 8 } },
  ] satisfies Choice[],
  seeds: [0, 1, 2],
} as const;

/** Every combination of the grid, seed innermost. */
export function sampleAudits(
  grid: {
    readonly data: readonly string[];
    readonly models: readonly string[];
    readonly defenses: readonly Choice[];
    readonly seeds: readonly number[];
  } = SAMPLE_GRID,
): SampleAudit[] {
  const audits: SampleAudit[] = [];
  for (const [d, data] of grid.data.entries())
    for (const [m, model] of grid.models.entries())
      for (const [f, defense] of grid.defenses.entries())
        for (const seed of grid.seeds)
          audits.push({
            id: `${data}_${model}_${defense.name}_${seed}_${d}${m}${f}`,
            report: sampleCell(data, model, defense, seed),
          });
  return audits;
}

/** One report of the grid. */
export function sampleCell(data: string, model: string, defense: Choice, seed: number): Draft {
  const report = reportWithoutResults();
  const effect = (EFFECT[defense.name] ?? 0.3) + (model === 'mlp' ? 0.1 : 0) + 0.05 * seed;
  const accuracy = 0.85 - (defense.name === 'none' ? 0 : 0.02) - 0.005 * seed;
  return {
    ...report,
    command: 'ml-doctor audit audit.yaml',
    seed,
    config: {
      ...report.config,
      data: { catalog: data, split: 'ml-doctor-2022' },
      target: { train: { model, epochs: 60 }, offers: { access: 'white-box', output: 'posteriors' } },
      defense: defense.name === 'none' ? 'none' : { [defense.name]: defense.params },
      seed,
    },
    target: {
      ...report.target,
      name: model,
      testAccuracy: { value: accuracy, low: accuracy - 0.02, high: accuracy + 0.02, method: 'simulated' },
    },
    data: { ...report.data, id: data },
    results: (['membership/loss-threshold', 'membership/shadow-classifier'] as const).map((attack) =>
      sampleResult({
        attack,
        auxiliary: attack.endsWith('threshold') ? 'none' : 'shadow',
        source: 'simulated',
        effect,
        notes: [],
        records: 400,
        defense: { ...defense },
        seed,
      }),
    ),
  };
}

/** The first audit lost one of its attacks, the second both; a shared task failed. */
export function sampleStudyWithHoles() {
  const audits = sampleAudits();
  const hole = (task: string, blocked: string[]) => ({
    task,
    code: 'OG_DIVERGED',
    message: 'the loss is not a number any more',
    hint: 'Lower the learning rate.',
    blocked,
  });
  const [first, second] = audits as [SampleAudit, SampleAudit];
  first.report.results.pop();
  first.report.holes = [hole('train shadow 0', ['attack membership/shadow-classifier'])];
  second.report.results = [];
  second.report.holes = [hole('train target 1', ['query target 1', 'attack membership/loss-threshold'])];
  return { audits, holes: [...first.report.holes, ...second.report.holes] };
}

/** What stands beside the audits in a study. */
export function sampleAbout() {
  return {
    tool: { name: 'ml-doctor', version: '0.1.0' },
    command: 'ml-doctor study study.yaml',
    config: {
      data: [...SAMPLE_GRID.data],
      models: [...SAMPLE_GRID.models],
      defenses: SAMPLE_GRID.defenses.map(({ name, params }) => (name === 'none' ? name : { [name]: params })),
      attacks: ['membership/loss-threshold', 'membership/shadow-classifier'],
      seeds: [...SAMPLE_GRID.seeds],
    },
    holes: [],
  };
}

/** The whole sample: 2 data sets, 2 models, 4 defences, 3 seeds, with holes in two of the 48 audits. */
export function sampleStudy() {
  const { audits, holes } = sampleStudyWithHoles();
  return { study: summariseStudy(audits, { ...sampleAbout(), holes }), audits };
}
