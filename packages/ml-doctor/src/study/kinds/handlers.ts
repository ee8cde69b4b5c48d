/** Every kind of task; the module that worker processes load. */
import type { TaskHandlers } from '../task.ts';
import { attack } from './attack/attack.ts';
import { evaluateAttributeTask } from './attribute/evaluate-attribute.ts';
import { impute } from './attribute/impute.ts';
import { infer } from './attribute/infer.ts';
import { checkSplit } from './check-split.ts';
import { compare } from './compare.ts';
import { compareAccuracy } from './compare-accuracy.ts';
import { connect } from './connect.ts';
import { defendOutput } from './defend-output.ts';
import { evaluate } from './evaluate.ts';
import { explain } from './factors/explain.ts';
import { recordFactors } from './factors/record-factors.ts';
import { evaluateInversionTask } from './inversion/evaluate-inversion.ts';
import { invert } from './inversion/invert.ts';
import { judge } from './inversion/judge.ts';
import { openOnnx } from './open-onnx.ts';
import { query } from './query.ts';
import { savedOutputs } from './saved-outputs.ts';
import { evaluateStealingTask } from './stealing/evaluate-stealing.ts';
import { steal } from './stealing/steal.ts';
import { stealWithoutDataTask } from './stealing/steal-without-data.ts';
import { transferSet } from './stealing/transfer-set.ts';
import { synthesise } from './synthesise.ts';
import { train } from './train.ts';
import { trainDefended } from './train-defended.ts';
import { trainGenerator } from './train-generator.ts';

export const handlers = {
  attack,
  'check-split': checkSplit,
  compare,
  'compare-accuracy': compareAccuracy,
  connect,
  'defend-output': defendOutput,
  evaluate,
  'evaluate-attribute': evaluateAttributeTask,
  'evaluate-inversion': evaluateInversionTask,
  'evaluate-stealing': evaluateStealingTask,
  explain,
  impute,
  infer,
  invert,
  judge,
  'open-onnx': openOnnx,
  query,
  'record-factors': recordFactors,
  'saved-outputs': savedOutputs,
  steal,
  'steal-without-data': stealWithoutDataTask,
  synthesise,
  train,
  'train-defended': trainDefended,
  'train-generator': trainGenerator,
  'transfer-set': transferSet,
} as unknown as TaskHandlers;
