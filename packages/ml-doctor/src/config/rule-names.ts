/** What rules of a study speak of by name: `celeba` is celeba in any pixels, `celeba@64` that one only; so with models. */

import { parseDataName } from '../data/data-name.ts';
import { usualDataName } from '../data/named-data.ts';
import { parseModelName } from '../models/model-name.ts';
import { usualModelName } from '../models/named-models.ts';

/** Whether a rule that names `wanted` speaks of data set `name`. */
export const namesData = (wanted: string, name: string): boolean =>
  parseDataName(wanted).pixels === undefined
    ? parseDataName(name).id === wanted
    : usualDataName(wanted) === name;

/** Whether a rule that names `wanted` speaks of model `name`. */
export const namesModel = (wanted: string, name: string): boolean =>
  wanted.includes('+') ? usualModelName(wanted) === name : parseModelName(name).name === wanted;
