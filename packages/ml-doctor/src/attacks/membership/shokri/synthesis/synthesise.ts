/** Records an attacker makes up to train his shadow models on (Shokri et al., S&P 2017, §V-C). */
import type { Dataset } from '../../../../data/dataset.ts';
import type { ValuesInMemory } from '../../../../data/values.ts';
import type { Answers } from '../../../../targets/access.ts';
import type { Synthesis } from '../../membership-attack.ts';
import { marginals } from './marginals.ts';
import { modelBased } from './model-based.ts';
import { noisy } from './noisy.ts';

export interface SynthesisInput {
  /** Gives the format of records, and the population's values. */
  readonly data: Dataset;
  /** The attacker's real shadow records; Algorithm 1 does without. */
  readonly population: Uint32Array;
  /** How many records to make. */
  readonly count: number;
  readonly classes: number;
  /** The target's answers to records before normalisation. */
  readonly answers: (raw: ValuesInMemory, rows: number) => Promise<Answers>;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Share of the work done; never falls, and ends at 1. */
  readonly progress: (fraction: number) => void;
}

export interface MadeRecords {
  /** Before normalisation, of the type of the data set's. */
  readonly x: ValuesInMemory;
  readonly y: Int32Array;
  /** Rows sent to the target. */
  readonly queries: number;
  /** Sentences for the reader of the report. */
  readonly notes: readonly string[];
}

/**
 * The same input gives the same records. Algorithm 1 gives fewer than `count` where the target is sure of too little.
 * @throws {AuditError} MLD_ATTACK_UNSUITED when Algorithm 1 finds no records
 */
export const synthesise = async (method: Synthesis, input: SynthesisInput): Promise<MadeRecords> => {
  switch (method.method) {
    case 'noisy':
      return noisy(method, input);
    case 'marginals':
      return marginals(input);
    case 'model':
      return modelBased(method, input);
  }
};
