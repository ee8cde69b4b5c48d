/** What somebody's own target turned out to be, once its file or its records have been read. */

import type { OwnAuditConfig } from '../../config/own-config.ts';
import type { RoleSizes } from '../../data/split.ts';
import type { Json } from '../../study/canonical-json.ts';

/** The audited model, as plans name it. */
export type Subject =
  | {
      readonly kind: 'onnx';
      /** Of the file and how it is read. */
      readonly digest: string;
      /** Of the file alone. */
      readonly sha256: string;
      readonly differentiable: boolean;
    }
  | {
      readonly kind: 'remote';
      /** By which the gateway knows it. */
      readonly target: string;
      /** What tells it from other models. */
      readonly identity: Json;
      /** What tells the service from others that trains the attackers' models, where one does. */
      readonly service?: Json;
    }
  | {
      readonly kind: 'outputs';
      /** sha256 of the answers. */
      readonly answers: string;
      readonly known: 'posteriors' | 'logits' | 'loss';
    }
  /** Not the target but what was stolen from it, held in full. */
  | { readonly kind: 'copy' };

export interface NotRun {
  readonly attack: string;
  /** What it would need, or why it is not among the attacks that are run by default. */
  readonly why: string;
}

/** An audit of somebody's own model, ready to be planned. */
export interface OwnCell {
  readonly config: OwnAuditConfig;
  readonly subject: Subject;
  /** For people: the file's name, the endpoint's address. */
  readonly name: string;
  readonly sizes: RoleSizes;
  /** Records of the target's training, as far as is known: those of the members' file, sampled or not. */
  readonly trainedOn: number;
  /** Where the records come from, for the report. */
  readonly source: string;
  /** What was assumed about model and records. */
  readonly notes: readonly string[];
  /** Attacks that nobody named and that are not run. */
  readonly notRun: readonly NotRun[];
  /** What its records are called where they come from, by record; row numbers where nothing else is known. */
  readonly recordNames?: (record: number) => string | undefined;
}
