/** A model as part of another graph: a copy of it that reads values of that graph. */
import { OnnxGradError } from '../../errors.ts';
import type { Graph } from '../graph.ts';
import type { Value } from '../value.ts';
import { copyInto } from './copy.ts';

/**
 * Appends a copy of the model, weights and all, that reads the given values in place of its inputs, by their names.
 * What is given beyond its inputs is left out.
 * @returns what its output of this name became
 * @throws OG_BAD_ARGUMENT for an output the model has not, or an input that nothing is given for
 */
export const attachModel = (
  graph: Graph,
  model: Graph,
  given: Readonly<Record<string, Value>>,
  output: string,
): Value => {
  const result = model.outputs.get(output);
  if (!result)
    throw new OnnxGradError(
      'OG_BAD_ARGUMENT',
      `the model '${model.name}' has no output '${output}'`,
      `It has ${[...model.outputs.keys()].join(', ')}.`,
    );
  const bindings = new Map(
    model.inputs.map((input) => {
      const value = given[input.name];
      if (!value)
        throw new OnnxGradError(
          'OG_BAD_ARGUMENT',
          `nothing is given for the input '${input.name}' of the model '${model.name}'`,
          `Given are ${Object.keys(given).join(', ')}.`,
        );
      return [input, value] as const;
    }),
  );
  return copyInto(graph, model, { bindings }).get(result) as Value;
};
