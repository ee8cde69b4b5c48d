/** Lines that say on what figures were measured. */
import { cpus, loadavg } from 'node:os';
import { onnxruntimeVersion } from 'onnx-grad';

export const machine = (): readonly string[] => [
  `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}, onnxruntime ${onnxruntimeVersion()}`,
  `load average at the start: ${loadavg()[0]?.toFixed(1)} (figures are for an otherwise idle machine when it is near 0)`,
];
