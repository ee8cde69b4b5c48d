/** Stand-ins for the tasks of attribute attacks. */

import { attributeAttackOf } from '../../attacks/attribute/registry.ts';
import type { Dataset } from '../../data/dataset.ts';
import { sensitiveOf } from '../../data/sensitive.ts';
import type { StandIn } from '../../study/estimate/measure.ts';
import { askedOf, attributeRecords } from '../../study/kinds/attribute/attribute-records.ts';
import type { EvaluateAttributeParams } from '../../study/kinds/attribute/evaluate-attribute.ts';
import { guessesBlobs } from '../../study/kinds/attribute/guesses-blobs.ts';
import type { InferParams } from '../../study/kinds/attribute/infer.ts';
import { recordsIn } from '../../study/kinds/record-sets.ts';
import type { FinishedTask, Task } from '../../study/task.ts';
import { made, modelNameOf, outputs, untrained } from './stand-in-parts.ts';

/** @param inputs the tasks that the task reads */
export const attributeStandIn = async (
  task: Task,
  inputs: readonly Task[],
  data: Dataset,
  units: number,
): Promise<StandIn> => {
  const { params, kind } = task;
  if (kind === 'impute') return { params, inputs: [], units };
  if (kind === 'evaluate-attribute') {
    const guesses = guessed(params as EvaluateAttributeParams, data);
    return { params, inputs: inputs.map(() => guesses), units };
  }
  const { attack, params: given, split } = params as InferParams;
  const { answers } = attributeAttackOf(attack).configure(given);
  return {
    params,
    inputs: [
      await untrained(modelNameOf(inputs[0] as Task), data),
      ...(answers !== 'none' ? [outputs(recordsIn('roles', data.size, split), data)] : []),
    ],
    units,
  };
};

/** The truth itself, as if somebody had guessed it. */
const guessed = ({ attribute, split, from }: EvaluateAttributeParams, data: Dataset): FinishedTask => {
  const { values, categories } = sensitiveOf(data, attribute);
  const ids = askedOf(attributeRecords(data.size, split, from));
  const width = categories?.length ?? 0;
  const beliefs = new Float64Array(ids.length * width);
  ids.forEach((id, i) => {
    if (width > 0) beliefs[i * width + (values[id] as number)] = 1;
  });
  const own = Array.from(ids, (id) => values[id] as number);
  return made({
    result: { queries: 0, known: 0, notes: [] },
    blobs: guessesBlobs({
      ids,
      predicted: categories ? Int32Array.from(own) : Float64Array.from(own),
      ...(categories && { beliefs }),
    }),
  });
};
