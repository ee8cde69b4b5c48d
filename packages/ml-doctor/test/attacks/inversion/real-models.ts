/** Pretrained networks from several exporters, as targets. The files are not part of the repository. */
import { readdirSync, readFileSync } from 'node:fs';
import { copyInto, decodeModel, dropZipMap, Graph, toDynamicBatch, type Value } from 'onnx-grad';

const folder = new URL('../../../../../../shared/data/onnx/', import.meta.url);

const names = (() => {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.onnx'));
  } catch {
    return [];
  }
})();

/** With the names that a target has: input `x`, output `logits`. */
const asTarget = (file: string): Graph => {
  const found = toDynamicBatch(dropZipMap(decodeModel(readFileSync(new URL(file, folder)))).graph);
  const input = found.inputs[0] as Value;
  const answers = [...found.outputs.values()].find(({ shape }) => shape?.length === 2 && shape[1] === 10);
  const graph = new Graph(file);
  const x = graph.input('x', input.dtype, input.shape ?? []);
  graph.output(
    'logits',
    copyInto(graph, found, { bindings: new Map([[input, x]]) }).get(answers as Value) as Value,
  );
  return graph;
};

/** None where the folder is absent. */
export const realModels: readonly { readonly file: string; readonly model: () => Graph }[] = names.map(
  (file) => ({
    file,
    model: () => asTarget(file),
  }),
);

export const realModel = (file: string): Graph => asTarget(file);
