/** The one place that knows where the package keeps its data files. */
import { fileURLToPath } from 'node:url';

/** Absolute path; `src/data/` and the built `dist/data/` lie equally deep below the package root. */
export const bundledDataFolder: string = fileURLToPath(new URL('../../data/', import.meta.url));
