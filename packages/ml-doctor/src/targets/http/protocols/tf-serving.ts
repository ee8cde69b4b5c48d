/**
 * TensorFlow Serving: rows in "instances" and "predictions", or columns in "outputs"
 * (https://www.tensorflow.org/tfx/serving/api_rest, "Predict API").
 */
import { partOf } from './part-of.ts';
import type { ProtocolForm } from './protocol.ts';

export const tfServing: ProtocolForm = {
  request: () => ({ instances: '{{inputs}}' }),
  answers: (response, quote) => partOf(response, ['predictions', 'outputs'], quote),
  address: 'http://HOST:8501/v1/models/NAME:predict',
};
