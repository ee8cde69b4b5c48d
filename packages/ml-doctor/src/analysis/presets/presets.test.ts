/** Of every preset: figures that there are, once each, of studies that it has, none of which is for nothing. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { figures } from '../figures/registry.ts';
import { presetFile, presetOf } from './preset-file.ts';
import { PRESETS } from './presets.ts';

describe.each(Object.entries(PRESETS))('the preset %s', (name, preset) => {
  const parts = preset.parts.map((part) => part.name);

  it('names figures that there are, each once', () => {
    const named = preset.figures.map(({ figure }) => figure);
    expect(named.length).toBeGreaterThan(0);
    expect(Object.keys(figures)).toEqual(expect.arrayContaining(named));
    expect(new Set(named).size).toBe(named.length);
  });

  it('makes them of studies that it has, and of each of these some', () => {
    expect(presetOf(name)).toBe(preset);
    const used = preset.figures.flatMap((figure) => figure.parts);
    expect([...new Set(used)].sort()).toEqual([...parts].sort());
    if (parts.length > 0) for (const figure of preset.figures) expect(figure.parts).not.toEqual([]);
  });

  it('has a file for each of its studies, and no other', () => {
    if (parts.length === 0) return;
    const there = readdirSync(dirname(presetFile(preset, 'any')));
    expect(there.sort()).toEqual(parts.map((part) => `${part}.yaml`).sort());
  });
});
