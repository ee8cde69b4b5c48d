/** Task kind `impute`: what somebody guesses of an attribute who has the same auxiliary data and no target. */
import { attributeEditor } from '../../../data/attribute-places.ts';
import { batch, type Dataset } from '../../../data/dataset.ts';
import type { Guesses } from '../../../data/guesses.ts';
import { type Sensitive, sensitiveOf } from '../../../data/sensitive.ts';
import { bestPredictor } from '../../../models/predictor/best-predictor.ts';
import { frequencyPredictor } from '../../../models/predictor/frequency.ts';
import { trainPicturePredictor } from '../../../models/predictor/picture-predictor.ts';
import type { PredictorContext, Rows } from '../../../models/predictor/predictor.ts';
import type { TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { askedOf, attributeRecords, type KnownFrom } from './attribute-records.ts';
import { guessesBlobs } from './guesses-blobs.ts';

export type ImputeParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attribute: string;
  readonly from: KnownFrom;
  /** What the guess is made from: the label alone; the record less the attribute, and the label. */
  readonly knows: 'label' | 'record';
};

export type ImputeResult = {
  readonly known: number;
  /** The kind of model that was the best of those tried. */
  readonly model: string;
};

/** No inputs. Blobs as those of the `infer` task. */
export const impute: TaskHandler<ImputeParams, ImputeResult> = {
  code: [
    'onnx-grad',
    'ml-doctor/data',
    'ml-doctor/stats',
    'ml-doctor/models',
    'ml-doctor/study/kinds/attribute/impute',
    'ml-doctor/study/kinds/attribute/attribute-records',
    'ml-doctor/study/kinds/attribute/guesses-blobs',
    'ml-doctor/study/kinds/data-ref',
    'ml-doctor/study/kinds/record-sets',
    'ml-doctor/study/kinds/typed-bytes',
  ],
  run: async (params, _, { seed, threads, device, signal, places, progress }) => {
    const data = await loadRef(params.data, places);
    const sensitive = sensitiveOf(data, params.attribute);
    const roles = attributeRecords(data.size, params.split, params.from);
    const ids = askedOf(roles);
    const context: PredictorContext = {
      ...{ seed, threads, device, signal },
      progress: (fraction, figures) => progress({ fraction, ...(figures && { figures }) }),
    };
    const { guesses, model } = await imputed(params.knows, data, sensitive, roles.known, ids, context);
    return {
      result: { known: roles.known.length, model },
      blobs: guessesBlobs({ ...guesses, ids }),
    };
  },
};

const imputed = async (
  knows: ImputeParams['knows'],
  data: Dataset,
  sensitive: Sensitive,
  known: Uint32Array,
  asked: Uint32Array,
  context: PredictorContext,
): Promise<{ guesses: Guesses; model: string }> => {
  const categories = sensitive.categories?.length;
  const truth = truthOf(sensitive, known);
  const counted = categories !== undefined && { categories };
  if (knows === 'label') {
    const { predict } = frequencyPredictor({ truth, labels: labelsOf(data, known), ...counted });
    return { guesses: predict(labelsOf(data, asked)), model: 'frequencies by label' };
  }
  if (data.recordShape.length === 3) {
    const { predict, chosen } = await trainPicturePredictor({
      data,
      records: known,
      truth,
      ...counted,
      context,
    });
    return { guesses: await predict(asked), model: chosen };
  }
  const { predict, chosen } = await bestPredictor(
    { rows: rowsOf(data, sensitive, known), truth, ...counted },
    context,
  );
  return { guesses: await predict(rowsOf(data, sensitive, asked)), model: chosen };
};

/** The attribute of some records. */
export const truthOf = (
  { values }: Pick<Sensitive, 'values'>,
  ids: Uint32Array,
): Int32Array | Float32Array =>
  values instanceof Int32Array
    ? Int32Array.from(ids, (id) => values[id] as number)
    : Float32Array.from(ids, (id) => values[id] as number);

const labelsOf = ({ y }: Dataset, ids: Uint32Array): Int32Array =>
  Int32Array.from(ids, (id) => y[id] as number);

/** Records with 0 for the attribute, and the label as one place for each class. */
const rowsOf = (data: Dataset, sensitive: Sensitive, ids: Uint32Array): Rows => {
  const { x, y } = batch(data, ids);
  attributeEditor(data, sensitive)?.clear(x);
  const length = x.length / ids.length;
  const width = length + data.classes.length;
  const values = new Float32Array(ids.length * width);
  y.forEach((label, i) => {
    values.set(x.subarray(i * length, (i + 1) * length), i * width);
    values[i * width + length + label] = 1;
  });
  return { values, size: ids.length, width };
};
