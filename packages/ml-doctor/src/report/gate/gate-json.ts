/** `gate.json`: a gate's outcome for programs. */

import { z } from 'zod';
import { toCanonicalJson } from '../canonical.ts';
import { RULES } from './check.ts';
import type { GateReport } from './place.ts';

export const GATE_SCHEMA_ID = 'ml-doctor/gate@1';

export const gateSchema = z.strictObject({
  schema: z.literal(GATE_SCHEMA_ID),
  passes: z.boolean(),
  subject: z.string().describe('What the report is about'),
  policy: z.string().describe('Title of the policy, else its file'),
  file: z.string().describe('Path of the policy as it was given'),
  tool: z.strictObject({ name: z.string(), version: z.string() }),
  checks: z.array(
    z.strictObject({
      rule: z.enum(RULES),
      label: z.string().describe('Which rule of the policy, as limits[0]'),
      line: z.number().int().positive(),
      column: z.number().int().positive(),
      subject: z.string().describe('What was looked at'),
      ok: z.boolean(),
      found: z.string(),
      wanted: z.string(),
      hint: z.string().optional(),
    }),
  ),
  notes: z.array(z.string()),
});

export function gateToJson(gate: GateReport): string {
  const { checks, ...rest } = gate;
  const flat = checks.map(({ path: _, ...check }) => check);
  return toCanonicalJson(gateSchema, { schema: GATE_SCHEMA_ID, ...rest, checks: flat }, 'gate');
}
