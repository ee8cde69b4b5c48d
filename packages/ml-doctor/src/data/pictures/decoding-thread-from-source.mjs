/** Starts a thread that decodes pictures where nothing is built: a thread does not inherit the loader for TypeScript. */
import { register } from 'tsx/esm/api';

register();
await import('./decoding-thread.ts');
