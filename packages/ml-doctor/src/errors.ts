/** Errors a user can act on: a stable code, what was found where, and what to do about it. */

/** Stable codes; scripts may match on them, so a code is never renamed. */
export type AuditCode =
  | 'MLD_DATA_UNREADABLE'
  | 'MLD_DATA_MAGIC'
  | 'MLD_DATA_TRUNCATED'
  | 'MLD_DATA_CHECKSUM'
  | 'MLD_DATA_INVALID'
  | 'MLD_DATA_UNKNOWN'
  | 'MLD_DATA_FETCH'
  | 'MLD_IMAGES_MISSING'
  | 'MLD_SPLIT'
  | 'MLD_OVERLAP'
  | 'MLD_ATTACK_UNSUITED'
  | 'MLD_ATTRIBUTE_UNKNOWN'
  | 'MLD_ATTRIBUTE_LABEL'
  | 'MLD_ATTRIBUTE_MISSING'
  | 'MLD_ATTRIBUTE_CONSTANT'
  | 'MLD_ATTRIBUTE_UNSEEN'
  | 'MLD_LAYER_UNKNOWN'
  | 'MLD_BUDGET'
  | 'MLD_POOL_SMALL'
  | 'MLD_POOL_SHAPE'
  | 'MLD_POOL_RANGE'
  | 'MLD_PRIVACY'
  | 'MLD_DEFENSE_UNSUITED'
  | 'MLD_MODEL_UNREADABLE'
  | 'MLD_MODEL_INPUT'
  | 'MLD_MODEL_OUTPUT'
  | 'MLD_PREPROCESSING'
  | 'MLD_ACCURACY'
  | 'MLD_ENDPOINT'
  | 'MLD_ENDPOINT_ANSWER'
  | 'MLD_ENDPOINT_AUTH'
  | 'MLD_SERVICE'
  | 'MLD_CONFIRM'
  | 'MLD_LIMIT'
  | 'MLD_POLICY'
  | 'MLD_PLUGIN'
  | 'MLD_ARTIFACT'
  | 'MLD_OUTPUT_UNWRITABLE'
  | 'MLD_REPORT_MISSING'
  | 'MLD_REPORT_INVALID'
  | 'MLD_CONFIG'
  | 'MLD_EVIDENCE_MISSING'
  | 'MLD_EVIDENCE_MIXED'
  | 'MLD_TARGETS_FEW'
  | 'MLD_STORE_CORRUPT'
  | 'MLD_STORE_BUSY'
  | 'MLD_TASK_FAILED'
  | 'MLD_WORKER_DIED'
  | 'MLD_WORKER_MEMORY'
  | 'MLD_THREAT_MODEL'
  | 'MLD_USAGE'
  | 'MLD_ABORTED';

export class AuditError extends Error {
  readonly code: AuditCode;
  /** One sentence that tells the user what to do. */
  readonly hint: string;
  /** Whether trying the same task again may succeed (a worker killed by the system, a flaky network). */
  readonly transient: boolean;

  constructor(
    code: AuditCode,
    message: string,
    hint: string,
    options: { cause?: unknown; transient?: boolean } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AuditError';
    this.code = code;
    this.hint = hint;
    this.transient = options.transient ?? false;
  }
}
