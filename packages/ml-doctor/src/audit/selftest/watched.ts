/** A target that fails on any property that it does not have: an attack that reaches for more than it may is seen. */
import type { Counted, WhiteBoxAccess } from '../../targets/access.ts';

export function watched<T extends Partial<WhiteBoxAccess> & Counted>(target: T): T {
  return new Proxy(target, {
    get: (object, name) => {
      if (!(name in object)) throw new Error(`the attack reached for ${String(name)}`);
      return object[name as keyof T];
    },
  });
}
