/** The contract cases of every built-in membership attack: a test counts that none is missing. */
import { cases as labelOnly } from './cases/label-only.ts';
import { cases as lira } from './cases/lira.ts';
import { cases as lossThreshold } from './cases/loss-threshold.ts';
import { cases as metricThreshold } from './cases/metric-threshold.ts';
import { cases as mlLeaks } from './cases/ml-leaks.ts';
import { cases as oneRunAudit } from './cases/one-run-audit.ts';
import { cases as quantile } from './cases/quantile.ts';
import { cases as rmia } from './cases/rmia.ts';
import { cases as shadowClassifier } from './cases/shadow-classifier.ts';
import { cases as shokri } from './cases/shokri.ts';
import type { ContractCase } from './contract-case.ts';

export const builtInCases: readonly ContractCase[] = [
  ...labelOnly,
  ...lira,
  ...lossThreshold,
  ...metricThreshold,
  ...mlLeaks,
  ...oneRunAudit,
  ...quantile,
  ...rmia,
  ...shadowClassifier,
  ...shokri,
];
