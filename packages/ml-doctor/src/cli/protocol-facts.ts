/** What `ml-doctor list protocols` says of the ways to ask an endpoint. */

import type { Protocol } from '../targets/http/endpoint.ts';

/** Total by type: a protocol without its line does not compile. */
const PROTOCOLS: { readonly [P in Protocol]: { readonly title: string; readonly source: string } } = {
  json: {
    title: 'plain JSON: request and response as the configuration says',
    source: 'your own server',
  },
  kserve: {
    title: 'KServe V2, as Triton Inference Server and KServe speak it',
    source: 'Open Inference Protocol, kserve.github.io',
  },
  torchserve: { title: 'TorchServe, its inference API', source: 'pytorch.org/serve' },
  'tf-serving': { title: 'TensorFlow Serving, its REST API', source: 'tensorflow.org/tfx/serving' },
  mlflow: { title: 'MLflow scoring server, /invocations', source: 'mlflow.org' },
  'hugging-face': { title: 'Hugging Face inference endpoints', source: 'huggingface.co/docs' },
};

export const protocolFacts = () =>
  Object.entries(PROTOCOLS).map(([name, { title, source }]) => ({ name, title, source }));
