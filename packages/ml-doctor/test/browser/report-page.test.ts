/** `report.html` in a real browser: of an audit of saved outputs that really ran, and of a report with every family of attacks. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/page.ts';
import type { Report } from '../../src/report/schema.ts';
import { sampleReportOfFour } from '../report/sample-stealing.ts';
import { withExposed } from '../report/with-exposed.ts';
import { browserPath, openBrowser } from './browser.ts';

if (browserPath === undefined) console.log('skipped: no chromium to open report.html in');

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'ml-doctor-browser-'));
const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Two classes, members surer than others; nothing of it is random. */
const savedOutputs = (): string => {
  const rows = Array.from({ length: 800 }, (_, i) => {
    const member = i % 2;
    const right = 0.4 + (0.55 + member * 0.04) * ((i * 0.618) % 1);
    const label = (i >> 1) % 2;
    const p0 = label === 0 ? right : 1 - right;
    return `${p0.toFixed(6)},${(1 - p0).toFixed(6)},${label},${member}`;
  });
  return `p0,p1,label,member\n${rows.join('\n')}\n`;
};

const CONFIG = `target: { outputs: outputs.csv }
attacks:
  - membership/loss-threshold: { auxiliary: none }
  - membership/label-only: { method: gap }
`;

/** Written by the command itself. */
const ofOutputs = async (): Promise<string> => {
  writeFileSync(join(folder, 'outputs.csv'), savedOutputs());
  writeFileSync(join(folder, 'audit.yaml'), CONFIG);
  const out = join(folder, 'out');
  const audit = ['--import', 'tsx', '--conditions=source', program, 'audit', join(folder, 'audit.yaml')];
  await promisify(execFile)(process.execPath, [...audit, '--out', out, '--workers', '1']);
  return join(out, 'report.html');
};

const ofEveryFamily = async (): Promise<string> => {
  const path = join(folder, 'every.html');
  writeFileSync(path, await renderHtml(withExposed(sampleReportOfFour() as Report, 40)));
  return path;
};

describe.skipIf(browserPath === undefined)('report.html in a browser', () => {
  let browser: Browser;
  const paths: Record<string, string> = {};
  beforeAll(async () => {
    const [every, outputs, opened] = await Promise.all([ofEveryFamily(), ofOutputs(), openBrowser()]);
    Object.assign(paths, { 'every family': every, 'saved outputs': outputs });
    browser = opened;
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page with everything that went wrong in it. `trusted`: without the page's own policy, which also keeps axe out. */
  const open = async (
    name: string,
    { dark = false, width = 1280, trusted = false } = {},
  ): Promise<{ readonly page: Page; readonly faults: string[]; close(): Promise<void> }> => {
    const context = await browser.newContext({
      ...{ colorScheme: dark ? 'dark' : 'light', viewport: { width, height: 900 }, bypassCSP: trusted },
    });
    const page = await context.newPage();
    const faults: string[] = [];
    const address = pathToFileURL(paths[name] as string).href;
    page.on('console', (message) => faults.push(`console ${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (url !== address && !url.startsWith('data:')) faults.push(`request: ${url}`);
    });
    await page.goto(address, { waitUntil: 'load' });
    return { page, faults, close: () => context.close() };
  };

  describe.each(['saved outputs', 'every family'])('%s', (name) => {
    it('says nothing on the console, asks for nothing, and runs no script', async () => {
      const { page, faults, close } = await open(name);
      expect(faults).toEqual([]);
      expect(await page.locator('script').count()).toBe(0);
      expect(await page.locator('svg[role=img]').count()).toBeGreaterThan(0);
      await close();
    });

    it.each([false, true])('has no serious finding of axe, dark: %s', async (dark) => {
      const { page, close } = await open(name, { dark, trusted: true });
      // What is folded away must be readable, too.
      await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))');
      await page.evaluate(axe);
      // In the dark nothing but colours is another.
      const rules = dark ? `, runOnly: ['color-contrast']` : '';
      const { violations } = (await page.evaluate(
        `axe.run(document, { resultTypes: ['violations']${rules} })`,
      )) as {
        readonly violations: readonly {
          readonly id: string;
          readonly impact: string;
          readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
        }[];
      };
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${id}: ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 300)} ${node.failureSummary}`)}`,
        );
      expect(serious).toEqual([]);
      await close();
    });

    it.each([360, 1280])('is no wider than a window of %i pixels', async (width) => {
      const { page, close } = await open(name, { width });
      await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))');
      const wide = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      const cause = (await page.evaluate(
        `[...document.querySelectorAll('main *')].filter((e) => !e.closest('.chart, .scroll, svg') && e.getBoundingClientRect().right > window.innerWidth + 1).slice(0, 5).map((e) => e.outerHTML.slice(0, 200))`,
      )) as string[];
      expect({ wide, cause }).toEqual({ wide: 0, cause: [] });
      await close();
    });

    it('leads from every link to a place on the page, and has headings in order', async () => {
      const { page, close } = await open(name);
      const lost = await page.evaluate(
        `[...document.querySelectorAll('a')].map((a) => a.getAttribute('href')).filter((href) => document.querySelectorAll('[id="' + href.slice(1) + '"]').length !== 1)`,
      );
      expect(lost).toEqual([]);
      const levels = (await page.evaluate(
        `[...document.querySelectorAll('h1,h2,h3,h4')].map((h) => Number(h.tagName[1]))`,
      )) as number[];
      expect(levels[0]).toBe(1);
      levels.forEach((level, i) => {
        if (i > 0) expect(level).toBeLessThanOrEqual(levels[i - 1]! + 1);
      });
      await page.keyboard.press('Tab');
      expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
      await close();
    });

    it('prints', async () => {
      const { page, close } = await open(name, { dark: true });
      const pdf = await page.pdf({ format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      expect(pdf.length).toBeGreaterThan(20_000);
      await close();
    });
  });
});
