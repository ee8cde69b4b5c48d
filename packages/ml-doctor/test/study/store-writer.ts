/** A process that writes to a store: `same` commits one key over and over, `big` commits one large blob after another. */

import { FolderStore } from '../../src/study/store/folder-store.ts';
import { newRecord } from './new-record.ts';

const [folder = '', mode = '', count = '1'] = process.argv.slice(2);
const store = new FolderStore(folder);
for (let index = 0; index < Number(count); index += 1) {
  if (mode === 'same') {
    const bytes = new Uint8Array(100_000).fill(index);
    await store.commit({ ...newRecord('a'), result: index }, { bytes });
  } else {
    const bytes = new Uint8Array(16 << 20).fill(index);
    await store.commit(newRecord(`task ${index}`), { bytes });
  }
}
