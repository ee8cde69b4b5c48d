/** A model file behind a real HTTP server on loopback, as plain JSON, KServe V2, or what shows the largest class only. */
import { createSession, floats, type Tensor } from 'onnx-grad';
import { onTestFinished } from 'vitest';
import { openClassifier } from '../../src/targets/onnx/classifier.ts';
import { fixtureData, fixtureModel } from '../golden/models/read-models.ts';
import { type Received, type Reply, serve, type TestServer } from './server.ts';

export interface ModelServer extends TestServer {
  /** Every record that came, as JSON. */
  readonly records: readonly string[];
}

interface Manners {
  readonly speaks?: 'json' | 'kserve' | 'top1' | 'label';
  /** Of posteriors, before they are sent: another model behind the same address. */
  readonly change?: () => (row: readonly number[]) => readonly number[];
  /** Instead of the answer. */
  readonly instead?: (request: Received) => Reply | undefined | Promise<Reply | undefined>;
}

/** @param name of a model of test/golden/models */
export const serveModel = async (
  name: string,
  { speaks = 'json', change = () => (row) => row, instead = () => undefined }: Manners = {},
): Promise<ModelServer> => {
  const { bytes, expected } = fixtureModel(name);
  const { recordShape } = fixtureData(expected).data;
  const probe = { values: new Float32Array(0), rows: 0 };
  const output = name.startsWith('torch') ? 'logits' : 'probabilities';
  const { graph, classes } = await openClassifier(bytes, name, { recordShape, form: { output }, probe });
  const session = await createSession(graph, { threads: 1 });
  onTestFinished(() => session.dispose());
  const width = recordShape.reduce((a, b) => a * b, 1);
  const records: string[] = [];
  const answers = async (rows: readonly (readonly number[])[]): Promise<number[][]> => {
    records.push(...rows.map((row) => JSON.stringify(row)));
    const data = Float32Array.from(rows.flat());
    const { logits } = await session.run({
      x: { dtype: 'float32', dims: [rows.length, ...recordShape], data },
    });
    const values = floats(logits as Tensor);
    return rows.map((_, i) => Array.from(values.subarray(i * classes, (i + 1) * classes)));
  };
  const softmax = (row: readonly number[]): number[] => {
    const top = Math.max(...row);
    const weights = row.map((z) => Math.exp(z - top));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((w) => w / sum);
  };
  const server = await serve(async (request) => {
    const other = await instead(request);
    if (other !== undefined) return other;
    if (speaks === 'kserve') {
      const { shape, data } = request.json.inputs[0] as { shape: number[]; data: number[] };
      const rows = Array.from({ length: shape[0] as number }, (_, i) =>
        data.slice(i * width, (i + 1) * width),
      );
      const found = (await answers(rows)).flat();
      return {
        body: { outputs: [{ name: 'z', shape: [rows.length, classes], datatype: 'FP32', data: found }] },
      };
    }
    const rows = (request.json.inputs as unknown[]).map((row) => [row].flat(9) as number[]);
    const posteriors = (await answers(rows)).map(softmax).map(change());
    if (speaks === 'json') return { body: { predictions: posteriors } };
    const best = posteriors.map((row) => row.indexOf(Math.max(...row)));
    if (speaks === 'label') return { body: best };
    return { body: best.map((label, i) => [{ label: `LABEL_${label}`, score: posteriors[i]?.[label] }]) };
  });
  return { ...server, records };
};
