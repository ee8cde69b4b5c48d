/**
 * Open Inference Protocol V2, as KServe, Triton, Seldon, MLServer and OpenVINO speak it: tensors with name, shape,
 * datatype and numbers that may be flattened, row-major
 * (https://kserve.github.io/website/docs/concepts/architecture/data-plane/v2-protocol, "Inference Request JSON Object").
 */
import { answerFault } from '../faults.ts';
import { describe } from '../response-path.ts';
import { partOf } from './part-of.ts';
import type { ProtocolForm } from './protocol.ts';

export const kserve: ProtocolForm = {
  request: () => ({
    inputs: [{ name: 'input', shape: '{{shape}}', datatype: 'FP32', data: '{{flat}}' }],
  }),
  answers: (response, quote) => {
    const outputs = partOf(response, ['outputs'], quote);
    if (!Array.isArray(outputs) || outputs.length === 0)
      throw answerFault(`has no list of tensors in "outputs"; there is ${describe(outputs, quote)}`);
    if (outputs.length > 1)
      throw answerFault(
        `gives ${outputs.length} tensors: ${quote(outputs.map((o) => String(o?.name)).join(', '))}`,
        'Say with `response` which one holds the answers, as `outputs[name=probabilities].data`.',
      );
    return partOf(outputs[0], ['data'], quote);
  },
  address: 'http://HOST:8000/v2/models/NAME/infer',
};
