/** Resumes the toy run from the checkpoint on standard input and prints the bits it ends with. */
import { readFileSync } from 'node:fs';
import { fit } from '../../src/train/fit.ts';
import { bitsOf, cloudOptions } from './toy.ts';

const resume = new Uint8Array(readFileSync(0));
process.stdout.write(bitsOf(await fit({ ...cloudOptions(), resume })));
