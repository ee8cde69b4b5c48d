/**
 * TorchServe: one record a request, as the default handlers read a JSON list, and whatever the handler returns: a list
 * of numbers, or the largest classes by name (https://pytorch.org/serve/inference_api.html, "Predictions API").
 * Its server gathers requests into batches itself.
 */
import type { ProtocolForm } from './protocol.ts';

export const torchServe: ProtocolForm = {
  request: () => '{{input}}',
  // With the JSON envelope the answers are in "predictions".
  answers: (response) =>
    typeof response === 'object' && response !== null && Object.hasOwn(response, 'predictions')
      ? (response as Readonly<Record<string, unknown>>).predictions
      : response,
  address: 'http://HOST:8080/predictions/NAME',
};
