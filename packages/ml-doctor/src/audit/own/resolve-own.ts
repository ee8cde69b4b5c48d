/** Somebody's own model and records, read and understood: from a configuration to a cell that can be planned. */

import type { ConfigSource } from '../../config/config.ts';
import type { OwnAuditConfig } from '../../config/own-config.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { OwnPlaces, Places } from '../../study/task.ts';
import type { Cell } from '../cell.ts';
import type { FirstLook } from './first-look.ts';
import { resolveOnnx } from './resolve-onnx.ts';
import { resolveOutputs } from './resolve-outputs.ts';
import { resolveRemote } from './resolve-remote.ts';

export interface Resolved {
  readonly cell: Cell;
  readonly data: Dataset;
  readonly places: OwnPlaces;
  /** How often the model is right on some records, before anything else is done; nothing of a model that costs. */
  readonly firstLook?: FirstLook;
}

/**
 * Reads what the configuration names; writes and asks nothing.
 * @throws {AuditError} what the readers throw, at its place in the configuration
 */
export const resolveOwn = (
  config: OwnAuditConfig,
  source: ConfigSource,
  places: Places,
): Promise<Resolved> => {
  switch (config.own.kind) {
    case 'onnx':
      return resolveOnnx(config, config.own, source, places);
    case 'outputs':
      return resolveOutputs(config, config.own, source);
    case 'endpoint':
    case 'service':
    case 'function':
      return resolveRemote(config, config.own, source, places);
  }
};
