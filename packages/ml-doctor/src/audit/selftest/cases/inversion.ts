/** The built-in inversion attacks, with parameters with which each takes a moment. */
import { blackBox } from '../../../attacks/inversion/black-box/black-box.ts';
import { miFace } from '../../../attacks/inversion/mi-face/mi-face.ts';
import { plg } from '../../../attacks/inversion/plg/plg.ts';
import { secretRevealer } from '../../../attacks/inversion/secret-revealer/secret-revealer.ts';
import type { InversionCase } from '../contract/inversion-contract.ts';

export const inversionCases: readonly InversionCase[] = [
  { attack: miFace, params: { step: 'normalised', objective: 'log', iterations: 150, start: 'noise' } },
  { attack: blackBox, params: { queries: 6000, directions: 60, start: 'noise' } },
  { attack: secretRevealer, params: { steps: 400, learningRate: 0.0001 } },
  { attack: plg, params: { steps: 200, learningRate: 0.05, views: 0 } },
];
