/** onnx-grad: differentiate and train any ONNX graph on onnxruntime. */
export { backward, gradients } from './autodiff/gradients.ts';
export { type OnnxGradCode, OnnxGradError } from './errors.ts';
export type { Dim, Shape } from './graph/dim.ts';
export type { DType } from './graph/dtype.ts';
export { Graph } from './graph/graph.ts';
export { isOperator, type OperatorName } from './graph/operators.ts';
export * as ops from './graph/ops/index.ts';
export { elementCount, float32, floats, int64, scalar, type Tensor, tensor, zeros } from './graph/tensor.ts';
export type { Attributes, Node, Value } from './graph/value.ts';
export { decodeModel } from './onnx/decode.ts';
export { encodeModel, writtenOpset } from './onnx/encode.ts';
export { type RandomStream, stream } from './random/stream.ts';
export { type Device, devices } from './runtime/device.ts';
export { loadOnnxruntime, onnxruntimeVersion } from './runtime/onnxruntime.ts';
export { createSession, type Feeds, Session, type SessionOptions } from './runtime/session.ts';
