/** From what a program hands over to a configuration: what is in memory becomes files of a folder of this run. */

import { isAbsolute, join, resolve } from 'node:path';
import type { OwnTarget } from '../config/own-config.ts';
import { type LoadedOwn, ownFromFlags } from '../config/own-flags.ts';
import { AuditError } from '../errors.ts';
import { makeFolders, writeSynced } from '../files/atomic-write.ts';
import { outputsAsNpz, recordsAsNpz } from './arrays.ts';
import type { AuditData, AuditOptions } from './audit.ts';

/** Below the folder of the run; reports name its files, so it says what they are. */
const MEMORY = 'in-memory';

export interface Configured extends LoadedOwn {
  /** Whether the report's configuration gives the same audit again without the program. */
  readonly repeatable: boolean;
}

/**
 * @param folder of this run alone
 * @throws {AuditError} MLD_CONFIG and MLD_DATA_INVALID, naming the option
 */
export const configure = async (options: AuditOptions, folder: string): Promise<Configured> => {
  const { target, data, attacks, defense, seed, explain, name, store } = options;
  const files: [name: string, bytes: () => Uint8Array][] = [];
  const inMemory = (file: string, bytes: () => Uint8Array): string => {
    files.push([file, bytes]);
    return `${MEMORY}/${file}`;
  };
  const held = hasMemory(options);
  const base = held ? folder : process.cwd();
  // Paths of files start from the folder of the program, whatever the rest starts from.
  const path = (file: string) => (held && !isAbsolute(file) && isFile(file) ? resolve(file) : file);
  const side = (of: 'members' | 'nonMembers' | 'auxiliary') => {
    const given = data?.[of];
    if (given === undefined) return {};
    return {
      [of]:
        typeof given === 'string'
          ? path(given)
          : inMemory(`${of}.npz`, () => recordsAsNpz(given, `data.${of}`)),
    };
  };
  const { members: _, nonMembers: __, auxiliary: ___, ...reading }: AuditData = data ?? {};
  const value = {
    ...(name !== undefined && { name }),
    ...(data && { data: { ...reading, ...side('members'), ...side('nonMembers'), ...side('auxiliary') } }),
    target: targetValue(target, path, inMemory),
    ...(attacks && { attacks }),
    ...(defense !== undefined && { defense }),
    ...(seed !== undefined && { seed }),
    ...(explain !== undefined && { explain }),
  };
  const loaded = ownFromFlags(plain(value), (at) => (at.length === 0 ? undefined : optionOf(at)), base);
  if (target.kind === 'function' && store !== undefined && target.settings.name === undefined)
    throw new AuditError(
      'MLD_USAGE',
      'a function is audited with a store that is kept, and has no name',
      "Name the model and its version, so that another's answers are not taken for its: fromFunction(…, { name: 'fraud model 12' }).",
    );
  const own: OwnTarget =
    target.kind === 'function'
      ? {
          kind: 'function',
          identity: target.settings.name ?? 'a function',
          answers: target.settings.answers ?? 'probabilities',
        }
      : loaded.config.own;
  if (files.length > 0) {
    await makeFolders(join(folder, MEMORY));
    for (const [file, bytes] of files) await writeSynced(join(folder, MEMORY, file), bytes());
  }
  return {
    ...loaded,
    config: { ...loaded.config, own },
    repeatable: !held && target.kind !== 'function',
  };
};

type InMemory = (file: string, bytes: () => Uint8Array) => string;

const targetValue = (
  target: AuditOptions['target'],
  path: (file: string) => string,
  inMemory: InMemory,
): object => {
  switch (target.kind) {
    case 'function': {
      const { name: _, answers, batch: __, concurrency: ___, offers, ...settings } = target.settings;
      const reach = { ...(answers === 'label' && { output: 'label' }), ...offers };
      return {
        ...settings,
        // To a configuration a function is a model elsewhere.
        endpoint: 'function:',
        ...(Object.keys(reach).length > 0 && { offers: reach }),
      };
    }
    case 'onnx': {
      const { model, settings } = target;
      const onnx = typeof model === 'string' ? path(model) : inMemory('model.onnx', () => model);
      return { ...settings, onnx };
    }
    case 'endpoint': {
      const { url, ...settings } = target.settings;
      return { ...settings, endpoint: url };
    }
    case 'outputs': {
      const { outputs } = target;
      return {
        outputs:
          typeof outputs === 'string' ? path(outputs) : inMemory('outputs.npz', () => outputsAsNpz(outputs)),
      };
    }
  }
};

const hasMemory = ({ target, data }: AuditOptions): boolean =>
  (target.kind === 'onnx' && typeof target.model !== 'string') ||
  (target.kind === 'outputs' && typeof target.outputs !== 'string') ||
  [data?.members, data?.nonMembers, data?.auxiliary].some((one) => typeof one === 'object');

/** Catalogue names, as `cifar10-20k:train[0:100]`, are no paths. */
const isFile = (name: string): boolean => /[./\\]/.test(name.replace(/\[[^\]]*\]$/, ''));

/** Where a program says what stands at a path of a configuration. */
const optionOf = (at: readonly (string | number)[]): string =>
  at.map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`)).join('');

/** Options that are written out as undefined are not given. */
const plain = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(plain)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, inner]) => inner !== undefined)
            .map(([key, inner]) => [key, plain(inner)]),
        )
      : value;
