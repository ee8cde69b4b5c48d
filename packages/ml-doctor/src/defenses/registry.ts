/** Every defence by name. Adding one is its file, its name in the type, and a line here. */
import { AuditError } from '../errors.ts';
import type { Defense } from './defense.ts';
import { distillation } from './distillation/distillation.ts';
import { dpSgd } from './dp-sgd/dp-sgd.ts';
import { dropout } from './dropout/dropout.ts';
import { earlyStopping } from './early-stopping/early-stopping.ts';
import { l2 } from './l2/l2.ts';
import { labelOnly } from './label-only/label-only.ts';
import { labelSmoothing } from './label-smoothing/label-smoothing.ts';
import { mixupMmd } from './mixup-mmd/mixup-mmd.ts';
import { none } from './none/none.ts';
import { relaxLoss } from './relax-loss/relax-loss.ts';
import { rounding } from './rounding/rounding.ts';
import { stacking } from './stacking/stacking.ts';
import { temperature } from './temperature/temperature.ts';
import { topK } from './top-k/top-k.ts';

export type DefenseName =
  | 'distillation'
  | 'dp-sgd'
  | 'dropout'
  | 'early-stopping'
  | 'l2'
  | 'label-only'
  | 'label-smoothing'
  | 'mixup-mmd'
  | 'none'
  | 'relax-loss'
  | 'rounding'
  | 'stacking'
  | 'temperature'
  | 'top-k';

/** The built-in ones. Total by type: a name without its defence, or a defence under another's name, does not compile. */
export const defenses: { readonly [Name in DefenseName]: Defense<Name> } = {
  distillation,
  'dp-sgd': dpSgd,
  dropout,
  'early-stopping': earlyStopping,
  l2,
  'label-only': labelOnly,
  'label-smoothing': labelSmoothing,
  'mixup-mmd': mixupMmd,
  none,
  'relax-loss': relaxLoss,
  rounding,
  stacking,
  temperature,
  'top-k': topK,
};

/** Kept by this process until it ends: worker processes load the same files. */
const plugged = new Map<string, { readonly defense: Defense; readonly digest: string }>();

/**
 * Adds a defence that is not built in. Its name has been checked.
 * @param digest of the files that it comes from
 */
export const plugDefense = (defense: Defense, digest: string): void => {
  plugged.set(defense.name, { defense, digest });
};

/** Of the files that a defence of this name comes from; undefined of a built-in one. */
export const pluggedDefenseDigest = (name: string): string | undefined => plugged.get(name)?.digest;

/** The built-in ones, and those of plugins. */
export const allDefenses = (): Readonly<Record<string, Defense>> => ({
  ...defenses,
  ...Object.fromEntries([...plugged].map(([name, { defense }]) => [name, defense])),
});

/** @throws {AuditError} MLD_USAGE naming the known defences */
export const defenseOf = (name: string): Defense => {
  const known = allDefenses();
  if (Object.hasOwn(known, name)) return known[name] as Defense;
  throw new AuditError(
    'MLD_USAGE',
    `there is no defence '${name}'`,
    `Known defences: ${Object.keys(known).join(', ')}.`,
  );
};
