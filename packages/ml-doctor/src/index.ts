/** ml-doctor as a library: what an attacker can learn from a model. */

export { z } from 'zod';
export type { AttackContext } from './attacks/attack-context.ts';
export {
  type AttributeAttack,
  type AttributeDefinition,
  type AttributeGuesses,
  type AttributeInput,
  attributeAttack,
  attributeParams,
  auxiliaryParam,
} from './attacks/attribute/attribute-attack.ts';
export {
  type InversionAttack,
  type InversionDefinition,
  type InversionInput,
  inversionAttack,
  inversionParams,
  type Reconstructions,
} from './attacks/inversion/inversion-attack.ts';
export {
  type AttackDefinition,
  type AttackInput,
  type AttackScores,
  type MembershipAttack,
  membershipAttack,
  type Reference,
} from './attacks/membership/membership-attack.ts';
export { attackOf, attacks } from './attacks/registry.ts';
export {
  type StealingAttack,
  type StealingDefinition,
  stealingAttack,
  stealingParams,
} from './attacks/stealing/stealing-attack.ts';
export { demoConfig } from './audit/demo-config.ts';
export type { Cost } from './audit/own/connect-remote.ts';
export { runAudit } from './audit/run-audit.ts';
export type { RunEvent, RunOptions } from './audit/run-cells.ts';
export { runGrid, type StudyRun } from './audit/run-grid.ts';
export type { AuditConfig, LoadedConfig, StudyConfig } from './config/config.ts';
export { loadConfig, parseConfig } from './config/load-config.ts';
export { type LoadedPolicy, loadPolicy, parsePolicy } from './config/policy/load-policy.ts';
export { createDataset, type Dataset } from './data/dataset.ts';
export { loadDataset } from './data/load-dataset.ts';
export { splitQuarters } from './data/split.ts';
export {
  type DefendedModel,
  type Defense,
  type DefenseDefinition,
  defense,
  type Learner,
  type LearnerOptions,
} from './defenses/defense.ts';
export { learnNetwork } from './defenses/learn-network.ts';
export { type AuditCode, AuditError } from './errors.ts';
export { evaluateMembership } from './evaluate/membership.ts';
export type { MemoryOutputs, MemoryRecords, Rows } from './library/arrays.ts';
export { type AuditData, type AuditOptions, type AuditResult, audit, type Named } from './library/audit.ts';
export {
  type AuditTarget,
  type EndpointSettings,
  type FunctionSettings,
  fromEndpoint,
  fromFunction,
  fromOnnx,
  fromOutputs,
  type OnnxSettings,
} from './library/target.ts';
export { architectures } from './models/architectures.ts';
export { mlDoctorRecipe, type TrainingRecipe } from './models/recipe.ts';
export type { Check, GateOutcome } from './report/gate/check.ts';
export { evaluatePolicy } from './report/gate/evaluate-policy.ts';
export type { Policy } from './report/gate/policy.ts';
export { renderHtml } from './report/html/page.ts';
export type { Run } from './report/run-record.ts';
export { type Report, reportSchema } from './report/schema.ts';
export { crossEntropyLoss, posterior } from './stats/log-posterior.ts';
export { loadPlugins } from './study/plugins/load-plugins.ts';
export type { LoadedPlugin } from './study/plugins/loaded.ts';
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
export type { AnswerFunction, FunctionAnswers, RecordBatch } from './targets/function-target.ts';
export { savedOutputs, savedPosteriors } from './targets/saved-outputs.ts';
