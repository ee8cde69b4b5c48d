/** Stand-ins for the tasks of stealing attacks. */

import type { Dataset } from '../../data/dataset.ts';
import type { StandIn } from '../../study/estimate/measure.ts';
import { recordsIn } from '../../study/kinds/record-sets.ts';
import type { EvaluateStealingParams } from '../../study/kinds/stealing/evaluate-stealing.ts';
import type { StealParams } from '../../study/kinds/stealing/steal.ts';
import type { StealWithoutDataParams } from '../../study/kinds/stealing/steal-without-data.ts';
import type { TransferSetParams } from '../../study/kinds/stealing/transfer-set.ts';
import { toBytes } from '../../study/kinds/typed-bytes.ts';
import type { FinishedTask, Task } from '../../study/task.ts';
import { made, modelNameOf, outputs, untrained } from './stand-in-parts.ts';

/** @param inputs the tasks that the task reads */
export const stealingStandIn = async (
  task: Task,
  inputs: readonly Task[],
  data: Dataset,
  units: number,
): Promise<StandIn> => {
  const modelOf = (input: Task | undefined) => untrained(modelNameOf(input as Task), data);
  const { params } = task;
  switch (task.kind) {
    case 'transfer-set': {
      const { reply, budget } = params as TransferSetParams;
      if (reply === 'own-labels') return { params, inputs: [], units };
      const [target, , copy] = inputs;
      const before = asked(budget - units, data);
      const copies = copy ? [before, await modelOf(copy)] : [];
      return { params, inputs: [await modelOf(target), ...(copies.length > 0 ? copies : [before])], units };
    }
    case 'steal': {
      const { recipe } = params as StealParams;
      return { params, inputs: [asked(units / recipe.epochs, data)], units };
    }
    case 'steal-without-data': {
      const alone: StealWithoutDataParams = {
        ...(params as StealWithoutDataParams),
        ...{ from: 0, budget: units },
      };
      return { params: alone, inputs: [await modelOf(inputs[0])], units };
    }
    default: {
      const { points, baselines, split } = params as EvaluateStealingParams;
      const answers = outputs(recordsIn('candidates', data.size, split), data);
      const counted = Array.from({ length: points }, (_, i) => made({ result: { queries: i + 1 } }));
      const copies = Array.from({ length: points + baselines.length }, () => answers);
      return { params, inputs: [answers, ...counted, ...copies], units };
    }
  }
};

/** The first inputs of a pool, all believed to be of any class. */
const asked = (size: number, { classes }: Dataset): FinishedTask =>
  made({
    result: { queries: size },
    blobs: {
      positions: toBytes(Uint32Array.from({ length: size }, (_, i) => i)),
      beliefs: toBytes(new Float32Array(size * classes.length).fill(1 / classes.length)),
    },
  });
