/** Where a session runs. */
import type { InferenceSession } from 'onnxruntime-node';
import { OnnxGradError } from '../errors.ts';
import type { Onnxruntime } from './onnxruntime.ts';

export const devices = ['cpu', 'webgpu', 'cuda'] as const;
export type Device = (typeof devices)[number];

const fixes: Record<Device, string> = {
  cpu: 'Reinstall onnxruntime-node.',
  webgpu: 'Use a machine with a GPU and a Vulkan, Metal or Direct3D 12 driver, or choose device cpu.',
  cuda: 'Run `node node_modules/onnxruntime-node/script/install` once on a machine with CUDA 12 and cuDNN 9 (it downloads the CUDA libraries), or choose device cpu.',
};

/** @throws OG_DEVICE_MISSING when this installation cannot offer the device at all */
export const executionProviders = (
  ort: Onnxruntime,
  device: Device,
): InferenceSession.ExecutionProviderConfig[] => {
  if (device === 'cpu') return ['cpu'];
  const backends = ort.listSupportedBackends?.() ?? [];
  if (!backends.some(({ name }) => name === device))
    throw deviceMissing(device, 'this build of onnxruntime lacks it');
  return [device, 'cpu'];
};

export const deviceMissing = (device: Device, reason: string, cause?: unknown): OnnxGradError =>
  new OnnxGradError('OG_DEVICE_MISSING', `device '${device}' is not available: ${reason}`, fixes[device], {
    cause,
  });
