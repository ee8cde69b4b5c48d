/** The one place that loads onnxruntime: lazily, so that everything which needs no model works without it. */
import { createRequire } from 'node:module';
import type * as Ort from 'onnxruntime-node';
import { OnnxGradError } from '../errors.ts';

export type Onnxruntime = typeof Ort;

let loaded: Onnxruntime | undefined;

/** @throws OG_RUNTIME_MISSING when the package or its binary for this platform is absent */
export const loadOnnxruntime = async (): Promise<Onnxruntime> => {
  if (loaded) return loaded;
  try {
    const module = (await import('onnxruntime-node')) as Onnxruntime & { default?: Onnxruntime };
    loaded = module.default ?? module;
    // What fails is thrown; onnxruntime need not print it as well.
    loaded.env.logLevel = 'fatal';
    return loaded;
  } catch (cause) {
    throw new OnnxGradError(
      'OG_RUNTIME_MISSING',
      `onnxruntime-node could not be loaded on ${process.platform} ${process.arch} (${firstLine(cause)})`,
      'Install the optional dependencies: `npm ci --include=optional` in a checkout, `npm install onnxruntime-node@1.30.0` in a project of yours. There are binaries for Linux x64 and arm64, macOS arm64, Windows x64 and arm64.',
      { cause },
    );
  }
};

const firstLine = (error: unknown): string =>
  String((error as Error)?.message ?? error).split('\n', 1)[0] as string;

/** The installed version without loading the binary; `absent` when there is none. */
export const onnxruntimeVersion = (): string => {
  try {
    const manifest = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
    return manifest.version;
  } catch {
    return 'absent';
  }
};
