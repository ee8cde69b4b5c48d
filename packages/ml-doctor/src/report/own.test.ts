/** Reports on models that were not trained here: in words that are true of them, and complete where they are to be repeated. */

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { sampleReport } from '../../test/report/sample-report.ts';
import { reportToMarkdown } from './formats/report-markdown.ts';
import { renderHtml } from './html/page.ts';
import { ownKind, reportTitle } from './identity.ts';
import { notRunByReason } from './own.ts';
import type { Report } from './schema.ts';
import { renderTerminal } from './terminal.ts';

const SHA = 'ab'.repeat(32);

const ownReport = (target: Report['config'], more: Partial<Report> = {}): Report => {
  const trained = sampleReport() as Report;
  return {
    ...trained,
    command: 'ml-doctor audit audit.yaml',
    config: { data: { sample: 10_000 }, target, attacks: ['membership/loss-threshold'], seed: 0 },
    target: {
      ...trained.target,
      name: 'hospital.onnx',
      sha256: SHA,
      notes: [
        'Of 60,000 members a random sample of 10,000 was audited (data.sample).',
        'The answers are logits.',
      ],
    },
    data: {
      ...trained.data,
      id: 'own',
      source:
        'members: in.npz (10,000 of 60,000 records, drawn at random); non-members: out.npz (2,500 records)',
      licence: 'your own data',
      splits: { 'target-train': 10_000, 'target-test': 2500, 'shadow-train': 500, 'shadow-test': 501 },
    },
    notRun: [
      { attack: 'membership/quantile', why: 'membership/quantile needs records. Give some.' },
      { attack: 'membership/shokri', why: 'membership/shokri needs records. Give some.' },
      {
        attack: 'membership/lira',
        why: 'It would suit, and takes longer: name it to run it (--attacks membership/lira).',
      },
    ],
    ...more,
  };
};

const onnx = ownReport({ onnx: 'hospital.onnx', scale: 1 / 255 });
const text = (html: string): string =>
  html
    .replace(/<style>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    .replace(/\s+/g, ' ');

describe('a model that was not trained here', () => {
  it('is told by what its configuration names as the target', () => {
    for (const kind of ['onnx', 'endpoint', 'outputs', 'function'])
      expect(ownKind(ownReport({ [kind]: 'x' }))).toBe(kind);
    expect(ownKind(ownReport({ service: {}, endpoint: 'https://e.org' }))).toBe('service');
    expect(ownKind(sampleReport() as Report)).toBeUndefined();
    expect(ownKind({ config: {} })).toBeUndefined();
  });

  it('is titled by its own name, with no data set behind it', () => {
    expect(reportTitle(onnx)).toBe('hospital.onnx');
    expect(reportTitle(sampleReport() as Report)).toContain(' on fashion-mnist-10k');
  });

  it('has members and non-members, on the terminal and in Markdown and on the page', async () => {
    const page = text(await renderHtml(onnx));
    const terminal = renderTerminal(onnx, { colour: false }).replace(/\s+/g, ' ');
    const markdown = reportToMarkdown(onnx);
    for (const shown of [page, terminal, markdown]) {
      expect(shown).toMatch(/Members\W+10,000 records, accuracy \d/);
      expect(shown).toMatch(/Non-members\W+2,500 records, accuracy \d/);
      expect(shown).toMatch(/Attacker’s own\W+1,001 records/);
      expect(shown).toContain('10,000 of 60,000 records, drawn at random');
      expect(shown).not.toMatch(/target-train|shadow-test|Training acc|Test acc|Licence|Of its training/);
    }
  });

  it('says near the top of the page what was sampled and assumed', async () => {
    const page = text(await renderHtml(onnx));
    const at = (found: string) => {
      expect(page).toContain(found);
      return page.indexOf(found);
    };
    expect(at('Members: in.npz (10,000 of 60,000 records, drawn at random)')).toBeLessThan(
      at('In one sentence each'),
    );
    expect(at('a random sample of 10,000 was audited')).toBeLessThan(
      at('Threat models compared Key figures'),
    );
  });

  it('tells attacks that were not run by their reasons, each once, folded away on the page', async () => {
    expect(notRunByReason(onnx)).toEqual([
      { why: 'Needs records. Give some.', attacks: ['membership/quantile', 'membership/shokri'] },
      {
        why: 'It would suit, and takes longer: name it to run it (--attacks NAME).',
        attacks: ['membership/lira'],
      },
    ]);
    const html = await renderHtml(onnx);
    expect(html).toMatch(/<details class="not-run"><summary>3 attacks and why/);
    expect(text(html)).toContain('membership/quantile membership/shokri Needs records. Give some.');
    expect(renderTerminal(onnx, { colour: false })).toContain('Not run        3 attacks');
    expect(reportToMarkdown(onnx)).toMatch(
      /3 attacks that nobody named[\s\S]*quantile, .*shokri: Needs records/,
    );
    const { notRun: _, ...named } = onnx;
    expect(await renderHtml(named)).not.toContain('not-run');
    expect(renderTerminal(named, { colour: false })).not.toContain('Not run');
    expect(reportToMarkdown(named)).not.toContain('that nobody named');
  });

  it('can be audited again: command, whole configuration, hash of the file', async () => {
    const html = await renderHtml(onnx);
    const again = html.slice(html.indexOf('<h2 id="again"'));
    expect(again.indexOf('Saved as audit.yaml')).toBeLessThan(again.indexOf('ml-doctor audit audit.yaml'));
    expect(again).toContain(SHA);
    const [, config = ''] = /<pre class="config"><code>([^<]*)</.exec(again) ?? [];
    expect(parse(config)).toEqual(onnx.config);
    const markdown = reportToMarkdown(onnx);
    expect(markdown).toContain('Saved as audit.yaml');
    expect(markdown).toContain(SHA);
    expect(markdown).not.toContain('ml-doctor audit FILE');
  });

  it('says of an endpoint that its answers are in the store, of saved outputs that they were read', async () => {
    const endpoint = text(await renderHtml(ownReport({ endpoint: 'https://e.org/predict' })));
    expect(endpoint).toContain('answered from the store');
    const outputs = text(await renderHtml(ownReport({ outputs: 'o.csv' })));
    expect(outputs).toContain('saved answers read');
    expect(outputs).not.toContain('sent to the model');
    expect(text(await renderHtml(onnx))).toContain('sent to the model');
  });

  it('is not sent to a study for defences', async () => {
    expect(text(await renderHtml(onnx))).not.toContain('ml-doctor study');
    expect(text(await renderHtml(sampleReport() as Report))).toContain('ml-doctor study');
  });
});
