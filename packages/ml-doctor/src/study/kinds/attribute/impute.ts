/** Task kind `impute`: what somebody guesses of an attribute who has the same auxiliary data and no target. */
import { attributeEditor } from '../../../data/attribute-places.ts';
import { batch, type Dataset } from '../../../data/dataset.ts';
import type { Guesses } from '../../../data/guesses.ts';
import { type Sensitive, sensitiveOf, valuesOf } from '../../../data/sensitive.ts';
import { bestPredictor } from '../../../models/predictor/best-predictor.ts';
import { frequencyPredictor } from '../../../models/predictor/frequency.ts';
import { trainPicturePredictor } from '../../../models/predictor/picture-predictor.ts';
import type { PredictorContext, Rows } from '../../../models/predictor/predictor.ts';
import { recordRows } from '../../../models/predictor/record-rows.ts';
import type { TaskHandler } from '../../task.ts';
import { type DataRef, loadRef, type SplitRef } from '../data-ref.ts';
import { attributeRecords, type KnownFrom, questionsOf } from './attribute-records.ts';
import { type GuessedRecords, guessesBlobs, joinGuesses } from './guesses-blobs.ts';

export type ImputeParams = {
  readonly data: DataRef;
  readonly split: SplitRef;
  readonly attribute: string;
  readonly from: KnownFrom;
  /** What the guess is made from: the label alone; the record less the attribute, and the label (of a picture the picture alone). */
  readonly knows: 'label' | 'record';
};

export type ImputeResult = {
  readonly known: number;
  /** The kind of model that was the best of those tried; where two were trained, the one about members. */
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
    const questions = questionsOf(roles);
    const found: GuessedRecords[] = [];
    let model = '';
    for (const { known, asked } of questions) {
      const context: PredictorContext = {
        ...{ seed, threads, device, signal },
        progress: (part, figures) =>
          progress({ fraction: (found.length + part) / questions.length, ...(figures && { figures }) }),
      };
      const { guesses, chosen } = await imputed(params.knows, data, sensitive, known, asked, context);
      if (found.length === 0) model = chosen;
      found.push({ ...guesses, ids: asked });
    }
    return {
      result: { known: roles.members.known.length, model },
      blobs: guessesBlobs(joinGuesses(found)),
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
): Promise<{ guesses: Guesses; chosen: string }> => {
  const categories = sensitive.categories?.length;
  const truth = valuesOf(sensitive, known);
  const counted = categories !== undefined && { categories };
  if (knows === 'label') {
    const { predict } = frequencyPredictor({ truth, labels: labelsOf(data, known), ...counted });
    return { guesses: predict(labelsOf(data, asked)), chosen: 'frequencies by label' };
  }
  if (data.recordShape.length === 3) {
    const { predict, chosen } = await trainPicturePredictor({
      data,
      records: known,
      truth,
      ...counted,
      context,
    });
    return { guesses: await predict(asked), chosen };
  }
  const { predict, chosen } = await bestPredictor(
    { rows: rowsOf(data, sensitive, known), truth, ...counted },
    context,
  );
  return { guesses: await predict(rowsOf(data, sensitive, asked)), chosen };
};

const labelsOf = ({ y }: Dataset, ids: Uint32Array): Int32Array =>
  Int32Array.from(ids, (id) => y[id] as number);

/** Records with 0 for the attribute, and the label as one place for each class. */
const rowsOf = (data: Dataset, sensitive: Sensitive, ids: Uint32Array): Rows => {
  const { x, y } = batch(data, ids);
  attributeEditor(data, sensitive)?.clear(x);
  return recordRows(x, y, data.classes.length);
};
