/** Classifiers of scikit-learn: after dropping ZipMap they run here and give scikit-learn's own probabilities. */

import { readFileSync } from 'node:fs';
import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from 'vitest';
import { decodeModel } from '../../onnx/decode.ts';
import {
  ModelProtoSchema,
  AttributeProto_AttributeType as Type,
  type TypeProto,
  TypeProtoSchema,
} from '../../proto/onnx_pb.ts';
import { createSession } from '../../runtime/session.ts';
import { float32, floats, type Tensor } from '../tensor.ts';
import { dropZipMap } from './drop-zip-map.ts';
import { toDynamicBatch } from './dynamic-batch.ts';

interface Expected {
  readonly records: readonly number[][];
  readonly labels: readonly (string | number)[];
  readonly probabilities: readonly number[][];
  readonly classes: readonly (string | number)[];
}

const fixture = (name: string): URL => new URL(`../../../test/fixtures/${name}`, import.meta.url);
const expectClose = (got: Tensor | undefined, want: readonly number[][]): void => {
  expect(got?.dims).toEqual([want.length, want[0]?.length]);
  want.flat().forEach((p, i) => {
    expect(Math.abs((floats(got as Tensor)[i] as number) - p)).toBeLessThan(2e-6);
  });
};

describe.each(['iris-logistic', 'iris-forest', 'iris-network'])('%s', (name) => {
  const expected = JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8')) as Expected;
  const file = decodeModel(readFileSync(fixture(`${name}.onnx`)));
  const feeds = { X: float32([expected.records.length, 4], expected.records.flat()) };

  it('gives the probabilities as a tensor, its columns named', async () => {
    const { graph, classes } = dropZipMap(file);
    expect(classes.get('output_probability')).toEqual(expected.classes);
    expect(graph.outputs.get('output_probability')?.shape).toEqual(['X_0', 3]);
    await using session = await createSession(graph);
    const got = await session.run(feeds);
    expectClose(got['output_probability'], expected.probabilities);
    expect(Array.from(got['output_label']?.data as ArrayLike<unknown>, String)).toEqual(
      expected.labels.map(String),
    );
  });

  it('has a batch of any size afterwards', async () => {
    const graph = toDynamicBatch(dropZipMap(file).graph);
    expect([...graph.outputs.values()].map(({ shape }) => shape)).toEqual([['N'], ['N', 3]]);
    await using session = await createSession(graph);
    expectClose((await session.run(feeds))['output_probability'], expected.probabilities);
  });
});

/** x [2, 2] -> LinearClassifier -> ZipMap, written field by field. */
const handmade = (): Uint8Array => {
  const floatsAttribute = (name: string, values: number[]) => ({ name, type: Type.FLOATS, floats: values });
  const labels = (name: string) => ({ name, type: Type.INTS, ints: [3n, 8n] });
  const matrix = (elemType: number, dims: bigint[]): TypeProto =>
    create(TypeProtoSchema, {
      value: {
        case: 'tensorType',
        value: {
          elemType,
          shape: { dim: dims.map((d) => ({ value: { case: 'dimValue' as const, value: d } })) },
        },
      },
    });
  const float = create(TypeProtoSchema, { value: { case: 'tensorType', value: { elemType: 1 } } });
  const maps = create(TypeProtoSchema, {
    value: {
      case: 'sequenceType',
      value: {
        elemType: create(TypeProtoSchema, {
          value: { case: 'mapType', value: { keyType: 7, valueType: float } },
        }),
      },
    },
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [
        { domain: '', version: 17n },
        { domain: 'ai.onnx.ml', version: 1n },
      ],
      graph: {
        name: 'handmade',
        input: [{ name: 'x', type: matrix(1, [2n, 2n]) }],
        output: [{ name: 'scores', type: maps }],
        node: [
          {
            opType: 'LinearClassifier',
            domain: 'ai.onnx.ml',
            input: ['x'],
            output: ['label', 'raw'],
            attribute: [
              floatsAttribute('coefficients', [1, 0, 0, 2]),
              floatsAttribute('intercepts', [0.5, -1]),
              labels('classlabels_ints'),
            ],
          },
          {
            opType: 'ZipMap',
            domain: 'ai.onnx.ml',
            input: ['raw'],
            output: ['scores'],
            attribute: [labels('classlabels_int64s')],
          },
        ],
      },
    }),
  );
};

describe('a model written by hand', () => {
  it('gives W x + b', async () => {
    const { graph, classes } = dropZipMap(decodeModel(handmade()));
    expect(classes.get('scores')).toEqual([3, 8]);
    await using session = await createSession(graph);
    const { scores } = await session.run({ x: float32([2, 2], [1, 2, -3, 4]) });
    expect(scores?.dims).toEqual([2, 2]);
    expect([...floats(scores as Tensor)]).toEqual([1.5, 3, -2.5, 7]);
  });

  it('is refused for a dynamic batch while the maps are there, and not after', () => {
    const graph = decodeModel(handmade());
    expect(() => toDynamicBatch(graph)).toThrow(/ZipMap|no tensor/);
    expect(toDynamicBatch(dropZipMap(graph).graph).outputs.get('scores')?.shape).toEqual(['N', 2]);
  });
});
