/** A child process: takes every picture of a file once, in batches of 64 and in random order, as training does. */
import { stream } from 'onnx-grad';
import { batch, createDataset } from '../../packages/ml-doctor/src/data/dataset.ts';
import { filedBytes } from '../../packages/ml-doctor/src/data/pictures/filed-bytes.ts';

const BATCH = 64;

const [path, sha256, text] = process.argv.slice(2) as [string, string, string];
const pictures = Number(text);
const data = createDataset({
  id: 'pictures',
  recordShape: [3, 64, 64],
  x: filedBytes(path, pictures * 3 * 64 * 64, sha256),
  y: new Int32Array(pictures),
  classes: ['all'],
  normalisation: { scale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
});
const order = stream(0, 'benchmark', 'epoch').sample(pictures, pictures);
const started = performance.now();
let sum = 0;
for (let first = 0; first < pictures; first += BATCH)
  sum += batch(data, order.subarray(first, first + BATCH)).x[0] as number;
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ seconds, bytes: process.resourceUsage().maxRSS * 1024, sum }));
