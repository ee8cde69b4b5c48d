/** A real browser for tests: Debian's, where it is installed. */

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];

/** Undefined where none is installed. */
export const browserPath = PATHS.find((path) => existsSync(path));

export const openBrowser = (): Promise<Browser> => {
  if (browserPath === undefined) throw new Error('no chromium');
  return chromium.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
};
