/** A study's configuration back to the file format: complete, so that defaults of later versions change nothing. */

import type { Json } from '../study/canonical-json.ts';
import type { GridRule, StudyConfig } from './config.ts';
import { attackToJson, choiceToJson, defenseToJson } from './config-text.ts';
import { dataToJson } from './data-choice.ts';
import { modelToJson } from './training.ts';

/** What a file would say, all defaults written out; JSON, and so YAML. */
export function studyToJson(config: StudyConfig): { readonly [key: string]: Json } {
  const { name, plugins, data, models, offers, defenses, attacks, seeds, include, exclude, explain } = config;
  return {
    ...(name !== undefined && { name }),
    ...(plugins && { plugins: plugins.map((plugin) => ({ ...plugin })) }),
    data: data.map(dataToJson),
    models: models.map((choice) => {
      const { model, options } = modelToJson(choice);
      return choiceToJson({ name: model, params: options });
    }),
    offers: { ...offers },
    defenses: defenses.map(defenseToJson),
    attacks: attacks.map(attackToJson),
    seeds: [...seeds],
    ...(exclude.length > 0 && { exclude: exclude.map(ruleToJson) }),
    ...(include.length > 0 && { include: include.map(ruleToJson) }),
    ...(explain && { explain }),
  };
}

const ruleToJson = (rule: GridRule): Json =>
  Object.fromEntries(Object.entries(rule).map(([axis, values]) => [axis, [...(values ?? [])]]));
