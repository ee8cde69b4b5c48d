/** The arrows of the design, as a test: which room may import which. */
import { cruise } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';

/** Rooms from top to bottom; a room imports from lower rows, and inside itself, only. */
const floors: Record<string, readonly (readonly string[])[]> = {
  'packages/ml-doctor/src': [
    ['cli', 'library'],
    ['audit', 'analysis'],
    ['config'],
    ['report', 'study'],
    ['attacks', 'defenses'],
    ['evaluate', 'targets', 'models', 'generators'],
    ['privacy'],
    ['data', 'stats'],
    ['files'],
    ['errors.ts'],
  ],
  'packages/onnx-grad/src': [
    ['train', 'clone'],
    ['nn', 'optim', 'runtime', 'autodiff'],
    ['onnx'],
    ['graph'],
    ['proto', 'random'],
    ['errors.ts'],
  ],
};

/** Arrows across or up that are meant, with the reason. */
const allowed = [
  // A session encodes the graph it is given.
  ['packages/onnx-grad/src/runtime', 'packages/onnx-grad/src/onnx'],
] as const;

const { output } = await cruise(
  ['packages/onnx-grad/src', 'packages/ml-doctor/src'],
  { exclude: { path: ['node_modules', 'dist', '\\.test\\.ts$'] }, tsPreCompilationDeps: true },
  { conditionNames: ['source', 'import'], extensions: ['.ts', '.js'] },
);
if (typeof output === 'string') throw new Error('the cruise gave text');
const { modules } = output;

const roomOf = (path: string): { root: string; floor: number; room: string } | undefined => {
  for (const [root, rows] of Object.entries(floors)) {
    if (!path.startsWith(`${root}/`)) continue;
    const room = path.slice(root.length + 1).split('/')[0] as string;
    return { root, room, floor: rows.findIndex((row) => row.includes(room)) };
  }
  return undefined;
};

const isAllowed = (from: string, to: string): boolean =>
  allowed.some(([a, b]) => new RegExp(`^${a}`).test(from) && new RegExp(`^${b}`).test(to));

describe('architecture', () => {
  it('sees the sources', () => {
    expect(modules.length).toBeGreaterThan(100);
    expect(
      modules.some((m) => m.dependencies.some((d) => d.resolved.startsWith('packages/onnx-grad/src/graph'))),
    ).toBe(true);
  });

  it('places every file on a floor', () => {
    const homeless = modules.filter(
      (m) => roomOf(m.source)?.floor === -1 && !m.source.endsWith('src/index.ts'),
    );
    expect(homeless.map((m) => m.source)).toEqual([]);
  });

  it('has arrows that run down only', () => {
    const wrong: string[] = [];
    for (const { source, dependencies } of modules) {
      const from = roomOf(source);
      if (!from || source.endsWith('src/index.ts')) continue;
      for (const { resolved } of dependencies) {
        const to = roomOf(resolved);
        if (!to || to.root !== from.root || to.room === from.room || isAllowed(source, resolved)) continue;
        if (to.floor <= from.floor) wrong.push(`${source} -> ${resolved}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has no cycles', () => {
    // Types are gone at run time: a cycle counts only when every step of it loads code.
    const cycles = modules.flatMap((m) =>
      m.dependencies
        .filter((d) => d.circular && !d.cycle?.some((step) => step.dependencyTypes.includes('type-only')))
        .map((d) => `${m.source} -> ${d.resolved}`),
    );
    expect(cycles).toEqual([]);
  });

  it('keeps privacy out of the engine', () => {
    const up = modules.flatMap((m) =>
      m.source.startsWith('packages/onnx-grad')
        ? m.dependencies
            .filter((d) => d.resolved.includes('ml-doctor'))
            .map((d) => `${m.source} -> ${d.resolved}`)
        : [],
    );
    expect(up).toEqual([]);
  });

  it('enters the engine by its front door only', () => {
    const side = modules.flatMap((m) =>
      m.source.startsWith('packages/ml-doctor')
        ? m.dependencies
            .filter(
              (d) => d.resolved.startsWith('packages/onnx-grad/') && !d.resolved.endsWith('src/index.ts'),
            )
            .map((d) => `${m.source} -> ${d.resolved}`)
        : [],
    );
    expect(side).toEqual([]);
  });

  it('keeps attacks, metrics and rendering apart', () => {
    const apart = ['attacks', 'evaluate', 'report'];
    const wrong = modules.flatMap((m) => {
      const from = roomOf(m.source)?.room ?? '';
      return apart.includes(from)
        ? m.dependencies
            .filter((d) => {
              const to = roomOf(d.resolved)?.room ?? '';
              return apart.includes(to) && to !== from;
            })
            .map((d) => `${m.source} -> ${d.resolved}`)
        : [];
    });
    expect(wrong).toEqual([]);
  });
});
