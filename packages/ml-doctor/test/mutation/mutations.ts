/** Wrong signs, tails and labels, one edit each, and the tests that must notice. */
import { analysis } from './in-analysis.ts';
import { networks } from './in-architectures.ts';
import { attacks } from './in-attacks.ts';
import { attributeEvaluation } from './in-attribute-evaluation.ts';
import { attributeVerdicts } from './in-attribute-verdicts.ts';
import { attributes } from './in-attributes.ts';
import { dataSets } from './in-data-sets.ts';
import { defenses } from './in-defenses.ts';
import { gate } from './in-gate.ts';
import { inversion } from './in-inversion.ts';
import { matrix } from './in-matrix.ts';
import { oneRun } from './in-one-run.ts';
import { ownAudits } from './in-own-audits.ts';
import { ownData } from './in-own-data.ts';
import { privacy } from './in-privacy.ts';
import { reconstructions } from './in-reconstructions.ts';
import { roles, statistics } from './in-statistics.ts';
import { stealing } from './in-stealing.ts';
import { stealingEvaluation } from './in-stealing-evaluate.ts';
import { stealingReport } from './in-stealing-report.ts';
import { tabular } from './in-tabular.ts';
import { targets } from './in-targets.ts';
import { training } from './in-training.ts';
import type { Mutation } from './mutation.ts';

export const mutations: readonly Mutation[] = [
  ...statistics,
  ...roles,
  ...attacks,
  ...training,
  ...inversion,
  ...reconstructions,
  ...attributeVerdicts,
  ...attributeEvaluation,
  ...attributes,
  ...stealing,
  ...stealingEvaluation,
  ...stealingReport,
  ...tabular,
  ...oneRun,
  ...defenses,
  ...privacy,
  ...matrix,
  ...ownData,
  ...dataSets,
  ...networks,
  ...targets,
  ...ownAudits,
  ...gate,
  ...analysis,
];
