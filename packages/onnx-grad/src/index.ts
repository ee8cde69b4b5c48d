/** onnx-grad: differentiate and train any ONNX graph on onnxruntime. */
export { backward, gradients } from './autodiff/gradients.ts';
export { type PerExampleGradients, perExampleGradients } from './autodiff/per-example/per-example.ts';
export type { CloneReport } from './clone/clone-report.ts';
export {
  cloneWithFreshWeights,
  type FreshClone,
  type FreshWeightsOptions,
} from './clone/fresh-weights.ts';
export {
  type DataDependentInitialisation,
  initialiseDataDependently,
  type LayerScaling,
} from './clone/initialise-data-dependently.ts';
export { findParameters, type Parameter, type ParameterKind } from './clone/parameters.ts';
export { type OnnxGradCode, OnnxGradError } from './errors.ts';
export type { Dim, Shape } from './graph/dim.ts';
export type { DType } from './graph/dtype.ts';
export { Graph } from './graph/graph.ts';
export { isOperator, type OperatorName } from './graph/operators.ts';
export * as ops from './graph/ops/index.ts';
export { attachModel } from './graph/rewrites/attach.ts';
export { type CopyOptions, copyGraph, copyInto } from './graph/rewrites/copy.ts';
export { dropZipMap, type WithoutZipMap } from './graph/rewrites/drop-zip-map.ts';
export { type DynamicBatchOptions, toDynamicBatch } from './graph/rewrites/dynamic-batch.ts';
export { elementCount, float32, floats, int64, scalar, type Tensor, tensor, zeros } from './graph/tensor.ts';
export type { Attributes, Node, Value } from './graph/value.ts';
export * as init from './nn/initializers.ts';
export * as nn from './nn/layers.ts';
export type { Loss } from './nn/losses.ts';
export * as losses from './nn/losses.ts';
export { parameter } from './nn/parameter.ts';
export { type ReplaceBatchNormOptions, replaceBatchNorm } from './nn/replace-batch-norm.ts';
export { type DecisionTree, treeEnsemble } from './nn/tree-ensemble.ts';
export { decodeModel } from './onnx/decode.ts';
export { encodeModel, writtenOpset } from './onnx/encode.ts';
export { adam } from './optim/adam.ts';
export type { Optimizer } from './optim/optimizer.ts';
export { constantRate, cosine, multiStep, type Schedule } from './optim/schedules.ts';
export { sgd } from './optim/sgd.ts';
export type { Purpose, Seed } from './random/key.ts';
export { type RandomStream, stream } from './random/stream.ts';
export { type Device, devices } from './runtime/device.ts';
export { loadOnnxruntime, onnxruntimeVersion } from './runtime/onnxruntime.ts';
export { createSession, type Feeds, Session, type SessionOptions } from './runtime/session.ts';
export { type BatchPlace, type BatchSource, epochBatches, sequentialBatches } from './train/batches.ts';
export { type Checkpoint, decodeCheckpoint, type EpochRecord, encodeCheckpoint } from './train/checkpoint.ts';
export {
  type EarlyStopping,
  type FitEvent,
  type FitOptions,
  type FitPrivacy,
  type FitResult,
  fit,
} from './train/fit.ts';
export { type LossGraph, lossGraph } from './train/loss-graph.ts';
export { poissonBatch } from './train/poisson-batches.ts';
export { accuracy, type PredictOptions, predict } from './train/predict.ts';
export { noiseDeviation, type PrivacyOptions, privateGradients } from './train/private-gradients.ts';
export { type RandomMask, type TrainingModel, trainingModel } from './train/training-mode.ts';
export {
  buildTrainingStep,
  scalarInput,
  type TrainingStep,
  type TrainingStepOptions,
} from './train/training-step.ts';
