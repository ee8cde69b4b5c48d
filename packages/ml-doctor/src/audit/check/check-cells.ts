/** What cannot work, said once and at its place in the configuration before anything runs. */

import { attackOf } from '../../attacks/registry.ts';
import { type AttackChoice, CONFIG_CODES, type ConfigCode, type ConfigSource } from '../../config/config.ts';
import type { Dataset } from '../../data/dataset.ts';
import { roleSize } from '../../data/split.ts';
import { AuditError } from '../../errors.ts';
import { architecture } from '../../models/architectures.ts';
import type { Cell } from '../cell.ts';
import { copyCell, thiefOf } from '../copy-cell.ts';
import { type Datasets, splitRef } from '../plan/plan-cells.ts';
import { refuseUnsuitedAttack } from './check-attack.ts';
import { refuseUnsuitedDefense } from './check-defense.ts';
import { refuseAuditOfCopy } from './check-membership.ts';
import { refuseUnusableRecords } from './check-records.ts';
import { targetName } from './network.ts';

/** For configurations that no file holds: the message alone. */
export const unwrittenSource: ConfigSource = {
  fault: (_path, what, hint, code = 'MLD_CONFIG') => new AuditError(code, what, hint),
};

/**
 * @throws {AuditError} `MLD_CONFIG` for a model that does not suit the records, and for slices the data has not;
 *   `MLD_SPLIT` for more records per role than there are, fewer than an attack needs, or of one class only;
 *   `MLD_OVERLAP` for records that are members and non-members at once; `MLD_ATTACK_UNSUITED` for an attack that does
 *   not suit records or model; `MLD_ATTRIBUTE_*` for an attribute that cannot be guessed or judged; `MLD_LAYER_UNKNOWN`;
 *   `MLD_PRIVACY` and `MLD_DEFENSE_UNSUITED` for a defence that suits neither model nor records; `MLD_POOL_*` for inputs to ask about that are too few, or not such as the target takes
 */
export const checkCells = (cells: readonly Cell[], datasets: Datasets, source: ConfigSource): void => {
  const once = new Set<string>();
  const check = (key: string, at: Cell['origin']['data'], act: () => void, texts: Texts = {}) => {
    if (once.has(key)) return;
    once.add(key);
    refuseAt(at, source, act, texts);
  };
  for (const cell of cells) {
    const { catalog } = cell.data;
    const data = datasets.get(catalog) as Dataset;
    const split = splitRef(cell);
    const records = `${JSON.stringify(cell.data)} ${cell.seed}`;
    check(`split ${records}`, cell.origin.data, () => roleSize(data.size, split));
    check(`records ${records}`, cell.origin.data, () => refuseUnusableRecords(data, split, cell.data));
    const { model } = cell.model;
    const leaveOut = (rule: string): Texts => ({
      before: `${catalog}: `,
      advice: cells.length > 1 ? ` To leave out this combination: exclude: [{ ${rule} }].` : '',
    });
    const place = `data: ${catalog}, model: ${model}`;
    check(
      `model ${records} ${model}`,
      cell.origin.model,
      () => refuseUnsuitedModel(cell, data),
      leaveOut(place),
    );
    const { defense } = cell;
    check(
      `defense ${records} ${JSON.stringify(cell.model)} ${JSON.stringify(defense)}`,
      cell.origin.defense,
      () => refuseUnsuitedDefense(cell, data),
      leaveOut(`${place}, defense: ${defense.name}`),
    );
    // First those on the target: what is wrong with a copy is said where it is stolen.
    const order = [...cell.attacks.entries()].sort(([, a], [, b]) => rank(a) - rank(b));
    for (const [index, choice] of order) {
      const at = cell.origin.attacks[index] as Cell['origin']['data'];
      const thief = JSON.stringify(
        choice.through && cell.attacks.filter((one) => one.name === choice.through),
      );
      check(
        `attack ${records} ${targetName(cell)} ${JSON.stringify(choice)} ${thief}`,
        at,
        () => {
          const stealing = thiefOf(cell, choice);
          const seen = stealing === undefined ? cell : copyCell(cell, stealing.configured);
          const configured = attackOf(choice.name).configure(choice.params);
          if (stealing) refuseAuditOfCopy(choice.name, configured);
          refuseUnsuitedAttack(choice.name, configured, seen, datasets);
        },
        defense.name === 'none' ? {} : leaveOut(`defense: ${defense.name}, attack: ${choice.name}`),
      );
    }
  }
};

const rank = ({ through }: AttackChoice): number => (through === undefined ? 0 : 1);

const refuseUnsuitedModel = ({ model, seed, own }: Cell, data: Dataset): void => {
  // Of records of which the answers alone are known nobody trains anything.
  if (own?.subject.kind === 'outputs') return;
  const found = architecture(model.model);
  if (found.trains === 'gradient')
    found.build({ recordShape: data.recordShape, classes: data.classes.length, seed });
};

interface Texts {
  readonly before?: string;
  readonly advice?: string;
}

const refuseAt = (
  path: Cell['origin']['data'],
  source: ConfigSource,
  act: () => unknown,
  { before = '', advice = '' }: Texts,
): void => {
  try {
    act();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw source.fault(path, before + error.message, error.hint + advice, codeOf(error));
  }
};

/** What a part refuses by itself as wrong usage stands here in a configuration. */
const codeOf = ({ code }: AuditError): ConfigCode => CONFIG_CODES.find((one) => one === code) ?? 'MLD_CONFIG';
