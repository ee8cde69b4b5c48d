/** The published JSON Schema of configuration files. */

import { ownJsonSchema } from './own-schema.ts';
import { jsonSchemaOf } from './schema.ts';

export const CONFIG_SCHEMA_ID = 'ml-doctor/config@1';

/**
 * JSON Schema (draft 2020-12) of configuration files, for editors. It knows all rules but those that look at two places
 * at once: ascending milestones and budgets, options of an audit's forest, records per role, doubles, the threat model,
 * two attacks in one mapping, which attacks go through which, rules of a grid, what
 * goes with which own target.
 */
export const configJsonSchema = (): Record<string, unknown> => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: CONFIG_SCHEMA_ID,
  title: 'ML-Doctor configuration',
  anyOf: [
    { title: 'audit', ...jsonSchemaOf('audit') },
    { title: 'own', ...ownJsonSchema() },
    { title: 'study', ...jsonSchemaOf('study') },
  ],
});
