/** Errors a user can act on: a stable code, what was found, and what to do about it; checks of numbers that throw them. */

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

/** @throws OG_BAD_ARGUMENT with the number found unless it `holds`; `range` completes "Pass …" */
export const requireNumber = (name: string, value: number, holds: boolean, range: string): void => {
  if (!holds) throw new OnnxGradError('OG_BAD_ARGUMENT', `${name} is ${value}`, `Pass ${range}.`);
};

/** @throws OG_BAD_ARGUMENT unless the number is finite and not below zero */
export const requireNotNegative = (name: string, value: number): void =>
  requireNumber(name, value, Number.isFinite(value) && value >= 0, 'a finite number from 0');

/** @throws OG_BAD_ARGUMENT unless 0 ≤ number < 1 */
export const requireBelowOne = (name: string, value: number): void =>
  requireNumber(name, value, value >= 0 && value < 1, 'a number from 0 and below 1');

/** @throws OG_BAD_ARGUMENT unless 0 ≤ number ≤ 1 */
export const requireShare = (name: string, value: number): void =>
  requireNumber(name, value, value >= 0 && value <= 1, 'a number from 0 to 1');
