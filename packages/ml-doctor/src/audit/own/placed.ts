/** Errors of what a configuration names, at the place that names it. */

import { CONFIG_CODES, type ConfigCode, type ConfigPath, type ConfigSource } from '../../config/config.ts';
import { AuditError } from '../../errors.ts';

/** Those whose code has no place in a configuration stay as they are. */
export const placed = async <T>(
  source: ConfigSource,
  path: ConfigPath,
  act: () => Promise<T>,
): Promise<T> => {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    const code = CONFIG_CODES.find((one): one is ConfigCode => one === error.code);
    if (code === undefined) throw error;
    throw source.fault(path, error.message, error.hint, code);
  }
};
