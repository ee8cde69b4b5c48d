/** What cannot be brought from an old operator set to ours without changing what it means. */
import { describe, expect, test } from 'vitest';
import {
  floatTensor,
  graphProto,
  info,
  int,
  ints,
  modelBytes,
  node,
  subgraph,
  text,
} from '../../test/support/model-proto.ts';
import type { NodeProto } from '../proto/onnx_pb.ts';
import { decodeModel } from './decode.ts';

const x = ['x'];
const y = ['y'];

describe('what cannot be upgraded', () => {
  const branch = (op: NodeProto) =>
    subgraph(graphProto({ nodes: [op], outputs: [info('inner', undefined)] }));

  test('an operator unknown here whose meaning changed', () => {
    const bytes = modelBytes(
      graphProto({
        nodes: [node('Hardmax', x, y, { axis: int(0) })],
        inputs: [info('x', [2, 3])],
        outputs: [info('y', [2, 3])],
      }),
      11,
    );
    expect(() => decodeModel(bytes)).toThrowError(
      expect.objectContaining({
        code: 'OG_MODEL_OPSET',
        message: expect.stringMatching(/Hardmax.*opset 11.*13/),
      }),
    );
  });

  test('a subgraph with an operator that reads differently now', () => {
    const conditional = (opset: number) =>
      modelBytes(
        graphProto({
          nodes: [
            node('If', ['c'], y, {
              then_branch: branch(node('Squeeze', x, ['inner'], { axes: ints(0) })),
              else_branch: branch(node('Identity', x, ['inner'])),
            }),
          ],
          inputs: [info('x', [1, 3]), info('c', [], 'bool')],
          outputs: [info('y', undefined)],
        }),
        opset,
      );
    expect(() => decodeModel(conditional(11))).toThrowError(
      expect.objectContaining({
        code: 'OG_MODEL_OPSET',
        message: expect.stringMatching(/Squeeze.*subgraph of If/),
      }),
    );
    expect(() => decodeModel(conditional(13))).not.toThrow();
  });

  test('a Resize of opset 10 that both grows and shrinks, or by factors that are computed', () => {
    const resized = (computed: boolean) =>
      modelBytes(
        graphProto({
          nodes: [
            ...(computed ? [node('Abs', ['s'], ['t'])] : []),
            node('Resize', ['x', computed ? 't' : 's'], y, { mode: text('nearest') }),
          ],
          inputs: [info('x', [1, 1, 4, 4])],
          outputs: [info('y', undefined)],
          initializers: [floatTensor('s', [4], [1, 1, 2, 0.5])],
        }),
        10,
      );
    for (const computed of [false, true])
      expect(() => decodeModel(resized(computed))).toThrowError(
        expect.objectContaining({ code: 'OG_MODEL_OPSET', message: expect.stringContaining('Resize') }),
      );
  });

  test.each([7, 8, 22, 23])('opset %i is outside what is read', (opset) => {
    const bytes = modelBytes(
      graphProto({ nodes: [node('Relu', x, y)], inputs: [info('x', [2])], outputs: [info('y', [2])] }),
      opset,
    );
    expect(() => decodeModel(bytes)).toThrowError(
      expect.objectContaining({ code: 'OG_MODEL_OPSET', message: expect.stringContaining(`opset ${opset}`) }),
    );
  });
});
