/** ml-doctor as a library: what an attacker can learn from a model. */

export {
  type AttackDefinition,
  type AttackInput,
  type AttackScores,
  type MembershipAttack,
  membershipAttack,
} from './attacks/membership/membership-attack.ts';
export { attackOf, attacks } from './attacks/registry.ts';
export { demoConfig } from './audit/demo-config.ts';
export { runAudit } from './audit/run-audit.ts';
export type { RunEvent, RunOptions } from './audit/run-cells.ts';
export { runGrid, type StudyRun } from './audit/run-grid.ts';
export type { AuditConfig, LoadedConfig, StudyConfig } from './config/config.ts';
export { loadConfig, parseConfig } from './config/load-config.ts';
export { createDataset, type Dataset } from './data/dataset.ts';
export { loadDataset } from './data/load-dataset.ts';
export { splitQuarters } from './data/split.ts';
export { type AuditCode, AuditError } from './errors.ts';
export { evaluateMembership } from './evaluate/membership.ts';
export { architectures } from './models/architectures.ts';
export { mlDoctorRecipe, type TrainingRecipe } from './models/recipe.ts';
export { renderHtml } from './report/html/page.ts';
export { type Report, reportSchema } from './report/schema.ts';
export type {
  Counted,
  LabelAccess,
  LiveLabelAccess,
  LivePosteriorAccess,
  PosteriorAccess,
  Records,
  TopAccess,
  WhiteBoxAccess,
} from './targets/access.ts';
export { savedOutputs, savedPosteriors } from './targets/saved-outputs.ts';
