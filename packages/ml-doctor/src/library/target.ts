/** The models that a program can hand over: a function, an ONNX file, an endpoint, saved outputs. */

import type { z } from 'zod';
import type { ownSchema } from '../config/own-schema.ts';
import type { AnswerFunction, FunctionTargetOptions } from '../targets/function-target.ts';
import type { MemoryOutputs } from './arrays.ts';

/** Of a configuration file, with its meanings and defaults. */
type Settings = z.input<ReturnType<typeof ownSchema>>['target'];
type Common = 'scale' | 'mean' | 'std' | 'expectAccuracy' | 'shadows' | 'offers';

export type OnnxSettings = Pick<Settings, Common | 'layout' | 'output' | 'outputName' | 'checkScaling'>;

export type EndpointSettings = Pick<
  Settings,
  | Common
  | ('layout' | 'protocol' | 'method' | 'headers' | 'request' | 'response' | 'answers' | 'batch')
  | ('concurrency' | 'rate' | 'timeoutSeconds' | 'retries' | 'budget' | 'version' | 'offline')
> & {
  readonly url: string;
  /** You may audit this endpoint, and agree to what it costs; else `confirm` of the audit is asked. */
  readonly confirm?: boolean;
};

export type FunctionSettings = Pick<Settings, Common> &
  Pick<FunctionTargetOptions, 'answers' | 'batch' | 'concurrency'> & {
    /**
     * What the report calls the model. With a store that is kept it must tell this model from all others, its version too:
     * the same name means the same answers, and no record is asked about twice.
     */
    readonly name?: string;
  };

/** What `audit` attacks. */
export type AuditTarget =
  | { readonly kind: 'function'; readonly answer: AnswerFunction; readonly settings: FunctionSettings }
  | { readonly kind: 'onnx'; readonly model: string | Uint8Array; readonly settings: OnnxSettings }
  | { readonly kind: 'endpoint'; readonly settings: EndpointSettings }
  | { readonly kind: 'outputs'; readonly outputs: string | MemoryOutputs };

/**
 * A model that is called from JavaScript: any runtime will do.
 * @param answer gives one row of probabilities per record, in the order of the classes
 */
export const fromFunction = (answer: AnswerFunction, settings: FunctionSettings = {}): AuditTarget => ({
  ...{ kind: 'function', answer, settings },
});

/** @param model path or bytes of an ONNX file */
export const fromOnnx = (model: string | Uint8Array, settings: OnnxSettings = {}): AuditTarget => ({
  ...{ kind: 'onnx', model, settings },
});

/** A model that answers over HTTP; see docs/endpoints.md. */
export const fromEndpoint = (settings: EndpointSettings): AuditTarget => ({ kind: 'endpoint', settings });

/** @param outputs path of a CSV, NPZ or Parquet file, or what the model answered */
export const fromOutputs = (outputs: string | MemoryOutputs): AuditTarget => ({ kind: 'outputs', outputs });
