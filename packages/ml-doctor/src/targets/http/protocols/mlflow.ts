/**
 * MLflow's scoring server: tensors in "inputs", answers in "predictions"
 * (https://mlflow.org/docs/2.11.1/deployment/deploy-model-locally.html); before MLflow 2 a bare list came back.
 */
import { partOf } from './part-of.ts';
import type { ProtocolForm } from './protocol.ts';

export const mlflow: ProtocolForm = {
  request: () => ({ inputs: '{{inputs}}' }),
  answers: (response, quote) =>
    Array.isArray(response) ? response : partOf(response, ['predictions'], quote),
  address: 'http://HOST:5000/invocations',
};
