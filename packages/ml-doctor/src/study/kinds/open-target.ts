/** The model that a task left, opened: one that is at hand, or one elsewhere that only answers. */
import { decodeModel } from 'onnx-grad';
import type { Dataset } from '../../data/dataset.ts';
import { outputGraph } from '../../defenses/output/shown-output.ts';
import { AuditError } from '../../errors.ts';
import type { Inputs, Records } from '../../targets/access.ts';
import { gatewayTarget } from '../../targets/gateway/gateway.ts';
import { OpenModel } from '../../targets/live-model.ts';
import type { LiveModel } from '../../targets/model-access.ts';
import { remoteModel } from '../../targets/remote-model.ts';
import type { FinishedTask, TaskContext } from '../task.ts';
import { CONNECT, type ConnectParams } from './connect.ts';

export interface OpenTarget extends LiveModel {
  dispose(): Promise<void>;
}

/** Of somebody who sends inputs and no records. */
const noRecords = (): never => {
  throw new Error('internal: this attacker sends inputs, not records');
};

/**
 * @param inputs records as the model receives them
 * @throws {AuditError} MLD_ARTIFACT where only saved answers are at hand
 */
export const openTarget = async (
  task: FinishedTask,
  { recordShape }: Pick<Dataset, 'recordShape'>,
  { threads, device, signal, places }: Pick<TaskContext, 'threads' | 'device' | 'signal' | 'places'>,
  inputs: (records: Records) => Float32Array = noRecords,
): Promise<OpenTarget> => {
  if (task.kind === CONNECT)
    return openRemote(task.params as ConnectParams, { threads, device, signal, places });
  if (!task.blobNames.includes('model.onnx'))
    throw new AuditError(
      'MLD_ARTIFACT',
      'the model itself is not at hand, only saved answers',
      'Choose attacks that need no live queries, or audit the model instead of its saved answers.',
    );
  const model = decodeModel(await task.blob('model.onnx'));
  return new OpenModel({ model, recordShape, inputs, threads, device, signal });
};

const openRemote = async (
  { target, classes, output }: ConnectParams,
  { threads, device, signal, places }: Pick<TaskContext, 'threads' | 'device' | 'signal' | 'places'>,
): Promise<OpenTarget> => {
  const address = places.own?.gateway;
  if (address === undefined)
    throw new AuditError(
      'MLD_ENDPOINT',
      'nothing here answers for the model',
      'Run the audit with its own command, which connects to the model.',
    );
  const live = remoteModel(gatewayTarget(address, target), { classes, signal });
  if (!output) return live;
  const shown = new OpenModel({
    ...{ model: outputGraph(classes, output), recordShape: [classes], inputs: noRecords },
    ...{ threads, device, signal },
  });
  return {
    get model() {
      return live.model;
    },
    lastLayer: live.lastLayer,
    embeddings: live.embeddings,
    answers: async (inputs: Inputs) => {
      const { logits } = await live.answers(inputs);
      return shown.answers({ values: logits, rows: inputs.rows });
    },
    dispose: () => shown.dispose(),
  };
};
