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
import { refuseUnusableRecords } from './check-records.ts';

/** For configurations that no file holds: the message alone. */
export const unwrittenSource: ConfigSource = {
  fault: (_path, what, hint, code = 'MLD_CONFIG') => new AuditError(code, what, hint),
};

/**
 * @throws {AuditError} `MLD_CONFIG` for a model that does not suit the records, and for slices the data has not;
 *   `MLD_SPLIT` for more records per role than there are, fewer than an attack needs, or of one class only;
 *   `MLD_OVERLAP` for records that are members and non-members at once; `MLD_ATTACK_UNSUITED` for an attack that does
 *   not suit records or model; `MLD_ATTRIBUTE_*` for an attribute that cannot be guessed or judged; `MLD_LAYER_UNKNOWN`;
 *   `MLD_POOL_*` for inputs to ask about that are too few, or not such as the target takes
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
    check(
      `model ${records} ${model} ${cell.defense.name}`,
      cell.origin.model,
      () => refuseUnsuitedModel(cell, data),
      {
        before: `${catalog}: `,
        advice:
          cells.length > 1
            ? ` To leave out this combination: exclude: [{ data: ${catalog}, model: ${model} }].`
            : '',
      },
    );
    // First those on the target: what is wrong with a copy is said where it is stolen.
    const order = [...cell.attacks.entries()].sort(([, a], [, b]) => rank(a) - rank(b));
    for (const [index, choice] of order) {
      const at = cell.origin.attacks[index] as Cell['origin']['data'];
      const thief = JSON.stringify(
        choice.through && cell.attacks.filter((one) => one.name === choice.through),
      );
      check(`attack ${records} ${model} ${JSON.stringify(choice)} ${thief}`, at, () => {
        const stealing = thiefOf(cell, choice);
        const seen = stealing === undefined ? cell : copyCell(cell, stealing.configured);
        refuseUnsuitedAttack(choice.name, attackOf(choice.name).configure(choice.params), seen, datasets);
      });
    }
  }
};

const rank = ({ through }: AttackChoice): number => (through === undefined ? 0 : 1);

const refuseUnsuitedModel = ({ model, defense, seed }: Cell, data: Dataset): void => {
  const found = architecture(model.model);
  if (found.trains === 'gradient')
    found.build({ recordShape: data.recordShape, classes: data.classes.length, seed });
  else if (defense.name !== 'none')
    throw new AuditError(
      'MLD_CONFIG',
      `the defence ${defense.name} changes how a network is trained; ${model.model} is none`,
      'Leave out the defence for this model, or choose a network.',
    );
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
