/** A process that deletes what it may from a store, again and again; prints how many blobs went. Arguments: folder, milliseconds. */

import { FolderStore } from '../../src/study/store/folder-store.ts';
import { gcStore } from '../../src/study/store/gc.ts';

const [folder = '', milliseconds = ''] = process.argv.slice(2);
const store = new FolderStore(folder);
const until = performance.now() + Number(milliseconds);
let blobs = 0;
let rounds = 0;
for (; performance.now() < until; rounds += 1) blobs += (await gcStore(store)).blobs.files;
console.log(JSON.stringify({ rounds, blobs }));
