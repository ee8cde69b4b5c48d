/** Preloaded with `--import`: in this process onnxruntime-node is not installed. */

import { register } from 'node:module';

const hooks = `export const resolve = (specifier, context, next) => {
  if (specifier !== 'onnxruntime-node') return next(specifier, context);
  throw Object.assign(new Error("Cannot find package 'onnxruntime-node'\\nRequire stack: …"), {
    code: 'ERR_MODULE_NOT_FOUND',
  });
};`;

register(`data:text/javascript,${encodeURIComponent(hooks)}`);
