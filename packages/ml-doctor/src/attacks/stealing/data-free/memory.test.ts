import { stream } from 'onnx-grad';
import { expect, it } from 'vitest';
import { Memory } from './memory.ts';

const rowsFrom = (first: number, rows: number) => ({
  inputs: Float32Array.from({ length: 2 * rows }, (_, i) => first + Math.floor(i / 2)),
  answers: Float32Array.from({ length: 3 * rows }, (_, i) => -(first + Math.floor(i / 3))),
  rows,
});
const seen = (memory: Memory) => {
  const { inputs, answers, rows } = memory.draw(stream(1, 'test'), 100);
  return Array.from({ length: rows }, (_, i) => {
    const value = inputs[2 * i] as number;
    expect([...inputs.subarray(2 * i, 2 * i + 2)]).toEqual([value, value]);
    expect([...answers.subarray(3 * i, 3 * i + 3)]).toEqual([-value, -value, -value]);
    return value;
  }).sort((a, b) => a - b);
};

it('forgets the oldest rows, and keeps each with its answer', () => {
  const memory = new Memory(2, 3, 5);
  memory.add(rowsFrom(1, 4));
  expect(seen(memory)).toEqual([1, 2, 3, 4]);
  memory.add(rowsFrom(5, 3));
  expect(memory.rows).toBe(5);
  expect(seen(memory)).toEqual([3, 4, 5, 6, 7]);
});

it('goes on from what was kept as if never put away', () => {
  const memory = new Memory(2, 3, 5);
  memory.add(rowsFrom(1, 7));
  const { put, inputs, answers } = memory.kept();
  const again = new Memory(2, 3, 5);
  again.restore(put, inputs, answers);
  for (const each of [memory, again]) each.add(rowsFrom(8, 2));
  expect(seen(again)).toEqual([5, 6, 7, 8, 9]);
  expect(again.draw(stream(2, 'test'), 3)).toEqual(memory.draw(stream(2, 'test'), 3));
});

it('never keeps more numbers than there is room for', () => {
  const memory = new Memory(9_999_998, 2);
  for (let i = 0; i < 4; i++)
    memory.add({ inputs: new Float32Array(9_999_998), answers: new Float32Array(2), rows: 1 });
  expect(memory.rows).toBe(2);
});
