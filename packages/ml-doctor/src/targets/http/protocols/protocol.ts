/** What a protocol has to say: what is sent when the configuration doesn't say, and where its answers are. */
import type { Protocol } from '../endpoint.ts';
import type { Quote } from '../json-answer.ts';
import { huggingFace } from './hugging-face.ts';
import { json } from './json.ts';
import { kserve } from './kserve.ts';
import { mlflow } from './mlflow.ts';
import { tfServing } from './tf-serving.ts';
import { torchServe } from './torchserve.ts';

export interface ProtocolForm {
  /** Body with placeholders (request-template.ts). */
  request(classes: readonly string[]): unknown;
  /**
   * The part of the response that holds the answers, where no `response` path is given.
   * @throws {AuditError} MLD_ENDPOINT_ANSWER
   */
  answers(response: unknown, quote: Quote): unknown;
  /** How its addresses look, for whoever is told that there is nothing at his. */
  readonly address: string;
}

export const FORMS: Readonly<Record<Protocol, ProtocolForm>> = {
  json,
  kserve,
  torchserve: torchServe,
  'tf-serving': tfServing,
  mlflow,
  'hugging-face': huggingFace,
};
