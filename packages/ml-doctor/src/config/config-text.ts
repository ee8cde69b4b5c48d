/** An audit's configuration back to the file format: complete, so that defaults of later versions change nothing. */

import { Document, isSeq, visit } from 'yaml';
import type { Json } from '../study/canonical-json.ts';
import type { AttackChoice, AuditConfig, Choice, DefenseChoice } from './config.ts';
import { dataToJson } from './data-choice.ts';
import { modelToJson } from './training.ts';

/** What a file would say, all defaults written out; JSON, and so YAML. */
export function auditToJson(config: AuditConfig): { readonly [key: string]: Json } {
  const { name, plugins, data, target, defense, attacks, seed, explain } = config;
  const { model, options } = modelToJson(target.train);
  return {
    ...(name !== undefined && { name }),
    ...(plugins && { plugins: plugins.map((plugin) => ({ ...plugin })) }),
    data: dataToJson(data),
    target: {
      train: { model, ...options },
      offers: { ...target.offers },
    },
    defense: defenseToJson(defense),
    attacks: attacks.map(attackToJson),
    seed,
    ...(explain && { explain }),
  };
}

/** {@link auditToJson} as YAML, ending in a line feed; read again it gives an equal configuration. */
export function toConfigText(config: AuditConfig): string {
  const document = new Document(auditToJson(config), { aliasDuplicateObjects: false });
  visit(document, {
    Seq: (_, list) => {
      // Numbers stand side by side, as people write them.
      if (isSeq(list) && list.items.every((item) => typeof (item as { value?: unknown }).value === 'number'))
        list.flow = true;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** A name alone where there is nothing to set. */
export const choiceToJson = ({ name, params }: Choice): Json =>
  Object.keys(params).length === 0 ? name : { [name]: { ...params } };

/** As {@link choiceToJson}; an attack on a copy is a mapping always, with what it goes through beside its name. */
export const attackToJson = ({ through, ...choice }: AttackChoice): Json =>
  through === undefined ? choiceToJson(choice) : { [choice.name]: { ...choice.params }, through };

/** As {@link choiceToJson}; what attackers do not know of is a mapping always, with that beside its name. */
export const defenseToJson = ({ adaptive, ...choice }: DefenseChoice): Json =>
  adaptive === undefined ? choiceToJson(choice) : { [choice.name]: { ...choice.params }, adaptive };
