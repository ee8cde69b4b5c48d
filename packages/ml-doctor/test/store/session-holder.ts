/** A process that holds a session on a store, says so, and stays until it is killed. */

import { startSession } from '../../src/study/store/sessions.ts';

await startSession(process.argv[2] ?? '');
console.log('ready');
setInterval(() => {}, 1000);
