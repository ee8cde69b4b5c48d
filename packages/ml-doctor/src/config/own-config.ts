/** What a configuration says of an audit of somebody's own model, once it is read: complete, plain JSON. */

import type { OwnDataChoice } from '../data/own/own-data.ts';
import type { EndpointChoice } from '../targets/http/endpoint.ts';
import type { ClassifierForm } from '../targets/onnx/classifier.ts';
import type { ServiceChoice } from '../targets/service/service.ts';
import type { Offer } from '../targets/threat-model.ts';
import type { AttackChoice, DefenseChoice, ModelChoice, PluginChoice } from './config.ts';

/** What is audited. */
export type OwnTarget =
  | { readonly kind: 'onnx'; readonly file: string; readonly form: Partial<ClassifierForm> }
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointChoice; readonly offline: boolean }
  | {
      readonly kind: 'service';
      readonly service: ServiceChoice;
      /** The audited model itself, trained by the same service. */
      readonly endpoint: EndpointChoice;
      readonly offline: boolean;
    }
  | { readonly kind: 'outputs'; readonly file: string }
  /** Of library users: nothing that a file could say. */
  | { readonly kind: 'function'; readonly identity: string; readonly answers: string };

/** How raw values become what the model receives. */
export interface InputScaling {
  readonly scale?: number;
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
}

export interface OwnAuditConfig {
  readonly name?: string;
  readonly plugins?: readonly PluginChoice[];
  /** Of saved outputs only what is not in their file. */
  readonly data: Omit<OwnDataChoice, 'members' | 'nonMembers'> &
    Partial<Pick<OwnDataChoice, 'members' | 'nonMembers'>> & {
      readonly overlap?: 'allow';
      readonly slices?: readonly string[];
    };
  readonly own: OwnTarget;
  readonly scaling: InputScaling;
  /** Whether other scalings are tried before anything else. */
  readonly checkScaling: boolean;
  /** Accuracy on members and non-members that the owner knows; held against what is measured. */
  readonly expectAccuracy?: { readonly members?: number; readonly nonMembers?: number };
  /** How attackers train their own models; left out for what suits the target. */
  readonly shadows: { readonly model?: string; readonly training: ModelChoice['training'] };
  readonly offers: Partial<Offer>;
  readonly defense: DefenseChoice;
  /** Left out: every attack that suits and trains no or few models. */
  readonly attacks?: readonly AttackChoice[];
  readonly seed: number;
  /** Whether it is looked into what the most exposed records have in common. */
  readonly explain?: true;
  /** Folder that relative paths start from: that of the configuration. */
  readonly base: string;
  /** The owner has agreed to what the audit asks of an endpoint. */
  readonly confirmed: boolean;
}
