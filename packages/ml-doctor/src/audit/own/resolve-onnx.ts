/** An ONNX file as the target of an audit. */

import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig, OwnTarget } from '../../config/own-config.ts';
import { batch, type Dataset } from '../../data/dataset.ts';
import { AuditError } from '../../errors.ts';
import { readRegular } from '../../files/regular-file.ts';
import { systemReason } from '../../files/system-error.ts';
import { registerOwnArchitecture } from '../../models/own-architectures.ts';
import { argmax } from '../../stats/argmax.ts';
import { cloneArchitecture } from '../../study/kinds/find-architecture.ts';
import { modelDigest } from '../../study/kinds/read-own-model.ts';
import type { Places } from '../../study/task.ts';
import { OpenModel } from '../../targets/live-model.ts';
import { type Classifier, openClassifier } from '../../targets/onnx/classifier.ts';
import type { Cell } from '../cell.ts';
import { firstLook } from './first-look.ts';
import { ownCell } from './own-cell.ts';
import { placed } from './placed.ts';
import { type OwnRecords, readRecords, recordNames, sampleNotes, sourceOf } from './read-records.ts';
import type { Resolved } from './resolve-own.ts';
import { cloneFault } from './shadow-model.ts';

type OnnxTarget = Extract<OwnTarget, { readonly kind: 'onnx' }>;

/** Records whose answers tell what the file alone does not. */
const PROBED = 16;

/** An ONNX file is one protobuf message, which can have no more. */
const MAX_BYTES = 2 ** 31 - 1;

export const resolveOnnx = async (
  config: OwnAuditConfig,
  own: OnnxTarget,
  source: ConfigSource,
  places: Places,
): Promise<Resolved> => {
  const path = resolve(config.base, own.file);
  const at = ['target', 'onnx'];
  const bytes = await placed(source, at, () => readModel(path));
  const open = ({ data }: OwnRecords): Promise<Classifier> =>
    placed(source, at, () =>
      openClassifier(bytes, own.file, {
        recordShape: data.recordShape,
        form: own.form,
        probe: probeOf(data),
      }),
    );
  const { records, classifier } = await agreed(config, source, places, open);
  const { data, sizes } = records;
  const { form, differentiable } = classifier;
  const place = { path, recordShape: data.recordShape, form };
  const digest = modelDigest(bytes, place);
  if (differentiable) registerOwnArchitecture(cloneArchitecture(digest, classifier.graph));
  const look = await lookAt(config, source, records, classifier);
  const fault = differentiable ? cloneFault(digest) : 'its operators have no gradients';
  const cell: Cell = ownCell(config, {
    data,
    sizes,
    subject: {
      ...{ kind: 'onnx', digest, differentiable },
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
    name: basename(own.file),
    source: sourceOf(records),
    trainedOn: records.sides.members.records,
    recordNames: recordNames(records),
    notes: [...classifier.notes, ...records.notes, ...sampleNotes(records)],
    ...(fault === undefined ? { clone: digest } : { noClone: fault }),
    offers: { access: differentiable ? 'white-box' : 'black-box', output: 'posteriors' },
    configSource: source,
  });
  return { cell, data, places: { data: records.place, models: { [digest]: place } }, firstLook: look };
};

const readModel = async (path: string): Promise<Uint8Array> => {
  try {
    const { size } = await stat(path);
    if (size > MAX_BYTES)
      throw new AuditError(
        'MLD_LIMIT',
        `${path} has ${size} bytes; an ONNX file has ${MAX_BYTES} at most`,
        'Export the model into one file, without external data.',
      );
    return await readRegular(path);
  } catch (cause) {
    if (cause instanceof AuditError) throw cause;
    throw new AuditError(
      'MLD_MODEL_UNREADABLE',
      `cannot read ${path}: ${systemReason(cause)}`,
      'Name an ONNX file that you may read.',
      { cause },
    );
  }
};

const probeOf = (data: Dataset) => {
  const ids = Array.from({ length: Math.min(PROBED, data.size) }, (_, i) =>
    Math.floor((i * data.size) / PROBED),
  );
  return { values: batch(data, ids).x, rows: ids.length };
};

/** Model and records with the same classes: those that the model names, or as many as it has. */
const agreed = async (
  config: OwnAuditConfig,
  source: ConfigSource,
  places: Places,
  open: (records: OwnRecords) => Promise<Classifier>,
): Promise<{ readonly records: OwnRecords; readonly classifier: Classifier }> => {
  const records = await readRecords(config, source, places);
  const classifier = await open(records);
  const { classes } = records.data;
  refuseOtherOrder(config, source, classifier);
  const named =
    config.data.classes === undefined && !isNumbered(classifier.classNames, classes)
      ? classifier.classNames
      : undefined;
  const sameNames = named === undefined || named.join('\0') === classes.join('\0');
  if (sameNames && classes.length === classifier.classes) return { records, classifier };
  const numbered = classes.every((name, i) => name === String(i));
  if (named !== undefined || (numbered && classes.length < classifier.classes)) {
    const all = named ?? Array.from({ length: classifier.classes }, (_, i) => String(i));
    return { records: await readRecords(config, source, places, all), classifier };
  }
  throw source.fault(
    ['data'],
    `the records have ${classes.length} classes (${classes.slice(0, 10).join(', ')}${classes.length > 10 ? ', …' : ''}), and the model tells ${classifier.classes} apart`,
    'Name all classes in the order of the model’s outputs (classes).',
    'MLD_DATA_INVALID',
  );
};

/** The file knows the order of its own classes. */
const refuseOtherOrder = (
  { data: { classes } }: OwnAuditConfig,
  source: ConfigSource,
  { classNames }: Classifier,
): void => {
  if (!classes || !classNames || classes.join('\0') === classNames.join('\0')) return;
  if ([...classes].sort().join('\0') !== [...classNames].sort().join('\0')) return;
  throw source.fault(
    ['data', 'classes'],
    `the classes are given as ${classes.slice(0, 6).join(', ')}, and the model has them as ${classNames.slice(0, 6).join(', ')}`,
    'Leave classes out: the file says its own.',
    'MLD_DATA_INVALID',
  );
};

/** A model whose classes are numbers was trained on numbered names: those of the records, in ascending order. */
const isNumbered = (model: readonly string[] | undefined, records: readonly string[]): boolean =>
  model?.every((name, i) => name === String(i)) === true &&
  records.length === model.length &&
  records.every((name) => Number.isNaN(Number(name)));

const lookAt = async (
  config: OwnAuditConfig,
  source: ConfigSource,
  { data, sizes }: OwnRecords,
  { graph }: Classifier,
) => {
  const model = new OpenModel({
    ...{ model: graph, recordShape: data.recordShape, signal: new AbortController().signal },
    inputs: (records) => batch(data, records.ids).x,
  });
  try {
    const answers = async (inputs: { readonly values: Float32Array; readonly rows: number }) => {
      const { logits, classes } = await model.answers(inputs);
      return Int32Array.from({ length: inputs.rows }, (_, i) =>
        argmax(logits.subarray(i * classes, (i + 1) * classes)),
      );
    };
    const split = { seed: config.seed, sizes };
    return await firstLook(config, source, data, split, answers, (ids) => batch(data, ids).x);
  } finally {
    await model.dispose();
  }
};
