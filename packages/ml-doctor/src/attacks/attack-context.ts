/** What attacks of every family have in common: what they run with, and what their parameters may be. */
import type { Device } from 'onnx-grad';
import { z } from 'zod';
import { AuditError } from '../errors.ts';

export interface AttackContext {
  readonly seed: number;
  /** Threads of one onnxruntime session. */
  readonly threads: number;
  /** Where the attack's own models compute. */
  readonly device: Device;
  readonly signal: AbortSignal;
  /** Share of the work done, 0 to 1, with figures worth a glance. */
  readonly progress: (fraction: number, figures?: Readonly<Record<string, number>>) => void;
}

type JsonParam = string | number | boolean | readonly JsonParam[] | null;
/** JSON. */
export type AttackParameters = { readonly [name: string]: JsonParam };

/**
 * The parameters of an attack with its defaults filled in.
 * @throws {AuditError} MLD_USAGE for a parameter that is unknown or out of range
 */
export const settleParams = <P>(name: string, schema: z.ZodType<P>, given: unknown): P => {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new AuditError(
    'MLD_USAGE',
    `parameters of ${name}: ${z.prettifyError(parsed.error)}`,
    'Correct or remove them; every parameter has a default.',
  );
};
