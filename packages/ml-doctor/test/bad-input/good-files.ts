/** What is right in every case: records, a model, a configuration's worth of saved outputs. */

import { npz, type TestArray } from '../data/write-npz.ts';
import { linear } from './make-onnx.ts';

/** Rows of each side. */
export const ROWS = 40;

/** Different in every row of every side. */
const inputs = (side: number): readonly number[] =>
  Array.from({ length: ROWS * 4 }, (_, i) => Math.sin((i + 1) * (side + 2)) * 2);

export const arrays = (side = 0): { readonly x: TestArray; readonly y: TestArray } => ({
  x: { descr: '<f4', shape: [ROWS, 4], values: inputs(side) },
  y: { descr: '<i8', shape: [ROWS], values: Array.from({ length: ROWS }, (_, i) => i % 3) },
});

/** With the cells that `change` gives instead. */
export const table = (
  side = 0,
  change: (row: number, column: string) => unknown = () => undefined,
): string => {
  const names = ['a', 'b', 'c', 'd', 'label'];
  const { x, y } = arrays(side);
  const rows = Array.from({ length: ROWS }, (_, row) =>
    names.map((name, i) => change(row, name) ?? (i === 4 ? y.values[row] : x.values[row * 4 + i])).join(),
  );
  return [names.join(), ...rows, ''].join('\n');
};

/** Saved outputs of two classes. */
export const outputs = (change: (row: number, column: string) => unknown = () => undefined): string => {
  const names = ['p0', 'p1', 'label', 'member'];
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const p = ((row * 7) % ROWS) / (2 * ROWS) + 0.25;
    const values = [p.toFixed(4), (1 - p).toFixed(4), row % 2, row < ROWS / 2 ? 1 : 0];
    return names.map((name, i) => change(row, name) ?? values[i]).join();
  });
  return [names.join(), ...rows, ''].join('\n');
};

export const goodFiles = (): Readonly<Record<string, string | Uint8Array>> => ({
  'members.npz': npz(arrays(0)),
  'others.npz': npz(arrays(1)),
  'auxiliary.npz': npz(arrays(2)),
  'members.csv': table(0),
  'others.csv': table(1),
  'model.onnx': linear(),
  'outputs.csv': outputs(),
});
