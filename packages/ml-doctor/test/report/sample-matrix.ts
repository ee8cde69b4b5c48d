/** A study made for matrices: figures set by hand, so that what should come of them can be worked out. */

import { summariseStudy } from '../../src/report/study/summarise-study.ts';
import { sampleAbout, sampleCell } from './sample-study.ts';

type Changes = Parameters<typeof summariseStudy>[1]['changes'];

export interface HandMade {
  readonly id: string;
  readonly defense: {
    readonly name: string;
    readonly params: Record<string, number>;
    readonly adaptive?: false;
  };
  readonly seed?: number;
  readonly model?: string;
  readonly accuracy?: number;
  /** Balanced accuracy of the attack, ± .01; none when left out. */
  readonly attack?: number;
  readonly holes?: number;
}

export const UNDEFENDED = { name: 'none', params: {} } as const;

/** One attack (`membership/loss-threshold`) on each of these targets. */
export function handMade(targets: readonly HandMade[], changes?: Changes) {
  const audits = targets.map(
    ({ id, defense, seed = 0, model = 'mlp', accuracy = 0.8, attack, holes = 0 }) => {
      const report = sampleCell('digits', model, defense, seed);
      const around = (value: number) => ({ value, low: value - 0.01, high: value + 0.01, method: 'by hand' });
      const { adaptive } = defense;
      report.config.defense =
        defense.name === 'none'
          ? 'none'
          : { [defense.name]: defense.params, ...(adaptive === false && { adaptive }) };
      report.target.testAccuracy = around(accuracy);
      report.results.splice(attack === undefined ? 0 : 1);
      for (const result of report.results) {
        result.metrics = { balancedAccuracy: around(attack!) };
        result.defense = { ...defense };
      }
      const hole = { task: 'attack', code: 'X', message: 'm', hint: 'h', blocked: [] };
      report.holes = Array.from({ length: holes }, () => hole);
      return { id, report };
    },
  );
  return summariseStudy(audits, { ...sampleAbout(), ...(changes && { changes }) });
}
