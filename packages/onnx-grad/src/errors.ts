/** Errors a user can act on: a stable code, what was found, and what to do about it. */

/** Stable codes; scripts may match on them, so a code is never renamed. */
export type OnnxGradCode =
  | 'OG_MODEL_UNREADABLE'
  | 'OG_MODEL_CYCLIC'
  | 'OG_MODEL_EXTERNAL_DATA'
  | 'OG_MODEL_OPSET'
  | 'OG_MODEL_INVALID'
  | 'OG_SHAPE_MISMATCH'
  | 'OG_BATCH_FIXED'
  | 'OG_NO_GRADIENT'
  | 'OG_NO_PER_EXAMPLE'
  | 'OG_NOT_TRAINABLE'
  | 'OG_RUNTIME_MISSING'
  | 'OG_DEVICE_MISSING'
  | 'OG_RUNTIME_FAILED'
  | 'OG_BAD_ARGUMENT'
  | 'OG_CHECKPOINT'
  | 'OG_DIVERGED'
  | 'OG_ABORTED';

export class OnnxGradError extends Error {
  readonly code: OnnxGradCode;
  /** One sentence that tells the user what to do. */
  readonly hint: string;

  constructor(code: OnnxGradCode, message: string, hint: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'OnnxGradError';
    this.code = code;
    this.hint = hint;
  }
}
