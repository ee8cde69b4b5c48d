/** The named architectures. Adding one is a file beside this one, its name in the type, and one line in the table. */
import { AuditError } from '../errors.ts';
import type { Architecture } from './architecture.ts';
import { logisticRegression } from './logistic-regression.ts';
import { mlp } from './mlp.ts';
import { ownArchitecture } from './own-architectures.ts';
import { randomForest } from './random-forest.ts';
import { resnet } from './resnet.ts';
import { simpleCnn } from './simple-cnn.ts';
import { wideMlp } from './wide-mlp.ts';

export type ArchitectureName =
  | 'logistic-regression'
  | 'mlp'
  | 'random-forest'
  | 'resnet'
  | 'simple-cnn'
  | 'wide-mlp';

/** Total by type: a name without its architecture, or an architecture under another's name, does not compile. */
export const architectures = {
  'logistic-regression': logisticRegression,
  mlp,
  'random-forest': randomForest,
  resnet,
  'simple-cnn': simpleCnn,
  'wide-mlp': wideMlp,
} as const satisfies { readonly [Name in ArchitectureName]: Architecture<Name> };

/** One of the table, or one that came with a user's model. @throws {AuditError} MLD_USAGE */
export const architecture = (name: string): Architecture => {
  if (Object.hasOwn(architectures, name)) return architectures[name as ArchitectureName];
  const own = ownArchitecture(name);
  if (own) return own;
  throw new AuditError(
    'MLD_USAGE',
    `there is no model '${name}'`,
    `Known models: ${Object.keys(architectures).join(', ')}.`,
  );
};
