/** What is wrong in an audit of one's own model whose every value is right by itself: keys that mean nothing to its target. */

import type { ConfigPath } from './config.ts';
import type { Problem } from './config-source.ts';
import type { OwnAuditConfig } from './own-config.ts';
import { OWN_TARGETS, type OwnInput } from './own-schema.ts';
import { listed } from './suggest.ts';
import { modelProblems, momentumOfAdam } from './training.ts';

type Kind = (typeof OWN_TARGETS)[number];

const OF_ENDPOINTS = [
  ...['protocol', 'method', 'headers', 'request', 'response', 'answers', 'batch', 'concurrency', 'rate'],
  ...['timeoutSeconds', 'retries', 'budget', 'version', 'offline', 'confirm'],
];
const SCALING = ['scale', 'mean', 'std', 'layout'];

/** Keys of `target` besides the target itself, by what they are of. */
const KEYS: Readonly<Record<Kind, readonly string[]>> = {
  onnx: [...SCALING, 'output', 'outputName', 'checkScaling', 'expectAccuracy', 'shadows', 'offers'],
  endpoint: [...SCALING, ...OF_ENDPOINTS, 'expectAccuracy', 'shadows', 'offers'],
  service: [...SCALING, ...OF_ENDPOINTS, 'expectAccuracy', 'offers'],
  outputs: ['offers'],
};

export const ownProblems = (config: OwnAuditConfig, input: OwnInput): Problem[] => {
  const { target, data = {} } = input;
  const kinds = OWN_TARGETS.filter((kind) => target[kind] !== undefined);
  const kind = kinds.at(-1) as Kind;
  return [
    ...idleKeys(Object.keys(target), ['target'], [...kinds, ...kinds.flatMap((one) => KEYS[one])], kind),
    ...shadowProblems(target.shadows ?? {}),
    ...(kind === 'outputs'
      ? idleKeys(Object.keys(data), ['data'], ['sample', 'classes', 'slices'], kind)
      : missingSides(data)),
    ...(kind === 'outputs' && input.explain ? [nothingToExplain] : []),
    ...(kind === 'service' && target.endpoint === undefined ? [missingEndpoint] : []),
    ...(config.scaling.scale !== undefined &&
    !(Number.isFinite(config.scaling.scale) && config.scaling.scale !== 0)
      ? [uselessScale]
      : []),
    ...(config.scaling.std?.some((value) => !(value > 0))
      ? [
          {
            path: ['target', 'std'],
            words: () =>
              [
                'a standard deviation must be above 0',
                'Leave out std, or give what the model was trained with.',
              ] as const,
          },
        ]
      : []),
  ];
};

const shadowProblems = ({ model, ...given }: NonNullable<OwnInput['target']['shadows']>): Problem[] => {
  const path = ['target', 'shadows'];
  if (model !== undefined && model !== 'clone') return modelProblems(model, given, path);
  const options = (['norm', 'dropout'] as const).filter((option) => given[option] !== undefined);
  return [
    ...options.map(
      (option): Problem => ({
        path: [...path, option],
        words: () => [
          `${option} is chosen of an architecture, and shadows names none`,
          `Name one with model, or remove ${option}: a clone is as the audited model is.`,
        ],
      }),
    ),
    ...momentumOfAdam(given, path),
  ];
};

const nothingToExplain: Problem = {
  path: ['explain'],
  atKey: true,
  words: () => [
    'saved outputs are without the records, whose neighbours and duplicates would be looked at',
    'Remove explain, or audit the model itself with its records.',
  ],
};

const uselessScale: Problem = {
  path: ['target', 'scale'],
  words: () => [
    'raw values are multiplied by it: it must be finite, and not 0',
    'Give what the model was trained with, as 1/255, or leave out scale.',
  ],
};

const idleKeys = (
  given: readonly string[],
  path: ConfigPath,
  known: readonly string[],
  kind: Kind,
): Problem[] =>
  given
    .filter((key) => !known.includes(key))
    .map((key) => ({
      path: [...path, key],
      atKey: true,
      words: () => [
        `${[...path, key].join('.')} means nothing to a target of kind ${kind}`,
        `Remove it; beside ${kind} stand ${listed(known.filter((one) => one !== kind))}.`,
      ],
    }));

const missingSides = (data: NonNullable<OwnInput['data']> | Record<string, never>): Problem[] =>
  (['members', 'nonMembers'] as const)
    .filter((side) => data[side] === undefined)
    .map((side) => ({
      path: ['data'],
      words: () => [
        `data lacks ${side}: records that the model was ${side === 'members' ? '' : 'not '}trained on`,
        'Give both: a membership audit compares records that the model has seen with others of the same kind.',
      ],
    }));

const missingEndpoint: Problem = {
  path: ['target', 'service'],
  words: () => [
    'the service is given, and not the model that it trained',
    'Write beside it endpoint: the address of the audited model.',
  ],
};
