/** A copy of this repository in a temporary folder, whose packages find each other in the copy: sources there may be broken. */
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = realpathSync(fileURLToPath(new URL('../../../../', import.meta.url)));

/** Besides `packages`, what tests need to run. */
const ROOT_FILES = ['package.json', 'tsconfig.base.json', 'tsconfig.json', 'vitest.config.ts', 'tests'];
const LEFT_OUT = new Set(['node_modules', 'dist', '.cache']);

export class RepositoryCopy {
  readonly root = realpathSync(mkdtempSync(join(tmpdir(), 'ml-doctor-mutation-')));

  constructor() {
    for (const name of [...ROOT_FILES, 'packages'])
      cpSync(join(HERE, name), join(this.root, name), {
        recursive: true,
        filter: (path) => !LEFT_OUT.has(basename(path)),
      });
    this.#linkModules();
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  write(path: string, text: string): void {
    writeFileSync(join(this.root, path), text);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Other people's packages stay where they are; ours, links into `packages`, are linked anew. */
  #linkModules(): void {
    const [from, to] = [join(HERE, 'node_modules'), join(this.root, 'node_modules')];
    mkdirSync(to);
    for (const name of readdirSync(from)) {
      if (name.startsWith('.')) continue;
      const path = join(from, name);
      const own = lstatSync(path).isSymbolicLink() ? relative(HERE, realpathSync(path)) : undefined;
      symlinkSync(own === undefined ? path : join(this.root, own), join(to, name));
    }
    for (const name of readdirSync(join(this.root, 'packages'))) {
      const found = realpathSync(join(to, name));
      if (!found.startsWith(this.root + sep)) throw new Error(`internal: the copy would use ${found}`);
    }
  }
}
