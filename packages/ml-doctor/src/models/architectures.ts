/** The named architectures. Adding one is a file in `architectures/`, its name in the type, and one line in the table. */
import { AuditError } from '../errors.ts';
import type { Architecture } from './architecture.ts';
import { alexnet, alexnetSmall } from './architectures/alexnet.ts';
import { logisticRegression } from './architectures/logistic-regression.ts';
import { mlLeaksCnn } from './architectures/ml-leaks-cnn.ts';
import { mlp } from './architectures/mlp.ts';
import { mlLeaksMlp, shokriNn } from './architectures/one-hidden-layer.ts';
import { randomForest } from './architectures/random-forest.ts';
import { resnet } from './architectures/resnet.ts';
import { resnet18, resnet18Cifar } from './architectures/resnet18.ts';
import { shokriCnn } from './architectures/shokri-cnn.ts';
import { simpleCnn } from './architectures/simple-cnn.ts';
import { simpleCnn3 } from './architectures/simple-cnn-3.ts';
import { vgg19, vgg19Small } from './architectures/vgg19.ts';
import { wideMlp } from './architectures/wide-mlp.ts';
import { wideResnet1, wideResnet2, wideResnet4, wideResnet10 } from './architectures/wide-resnet.ts';
import { xception } from './architectures/xception.ts';
import { lacking, parseModelName, withOptions, withoutOwn } from './model-name.ts';
import { ownArchitecture } from './own-architectures.ts';

export type ArchitectureName =
  | 'alexnet'
  | 'alexnet-small'
  | 'logistic-regression'
  | 'ml-leaks-cnn'
  | 'ml-leaks-mlp'
  | 'mlp'
  | 'random-forest'
  | 'resnet'
  | 'resnet18'
  | 'resnet18-cifar'
  | 'shokri-cnn'
  | 'shokri-nn'
  | 'simple-cnn'
  | 'simple-cnn-3'
  | 'vgg19'
  | 'vgg19-small'
  | 'wide-mlp'
  | 'wide-resnet-28-1'
  | 'wide-resnet-28-2'
  | 'wide-resnet-28-4'
  | 'wide-resnet-28-10'
  | 'xception';

/** Total by type: a name without its architecture, or an architecture under another's name, does not compile. */
export const architectures = {
  alexnet,
  'alexnet-small': alexnetSmall,
  'logistic-regression': logisticRegression,
  'ml-leaks-cnn': mlLeaksCnn,
  'ml-leaks-mlp': mlLeaksMlp,
  mlp,
  'random-forest': randomForest,
  resnet,
  resnet18,
  'resnet18-cifar': resnet18Cifar,
  'shokri-cnn': shokriCnn,
  'shokri-nn': shokriNn,
  'simple-cnn': simpleCnn,
  'simple-cnn-3': simpleCnn3,
  vgg19,
  'vgg19-small': vgg19Small,
  'wide-mlp': wideMlp,
  'wide-resnet-28-1': wideResnet1,
  'wide-resnet-28-2': wideResnet2,
  'wide-resnet-28-4': wideResnet4,
  'wide-resnet-28-10': wideResnet10,
  xception,
} as const satisfies { readonly [Name in ArchitectureName]: Architecture<Name> };

/**
 * One of the table, with the options that the name says (`resnet+group-norm`), or one that came with a user's model.
 * @throws {AuditError} MLD_USAGE
 */
export const architecture = (name: string): Architecture => {
  if (Object.hasOwn(architectures, name)) return architectures[name as ArchitectureName];
  const own = ownArchitecture(name);
  if (own) return own;
  const { name: base, ...options } = parseModelName(name);
  const found = Object.hasOwn(architectures, base)
    ? (architectures[base as ArchitectureName] as Architecture)
    : undefined;
  if (found?.trains === 'gradient' && lacking(found, options).length === 0)
    return withOptions(found, withoutOwn({ name: base, ...options }, found));
  throw new AuditError(
    'MLD_USAGE',
    `there is no model '${name}'`,
    `Known models: ${Object.keys(architectures).join(', ')}.`,
  );
};
