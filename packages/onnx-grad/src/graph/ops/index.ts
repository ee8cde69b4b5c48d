/** Every operator function under its ONNX name: `import { ops } from 'onnx-grad'`, then `ops.Conv(x, w)`. */
export * from './elementwise.ts';
export * from './indexing.ts';
export * from './normalizations.ts';
export * from './products.ts';
export * from './reductions.ts';
export * from './reshaping.ts';
export * from './windows.ts';
