/** The services themselves: everything that runs, from configuration to report. */

import { join } from 'node:path';
import { allAttacks } from '../attacks/registry.ts';
import { cellOf, type Wanted } from '../audit/cell.ts';
import { demoCommand, demoConfig } from '../audit/demo-config.ts';
import { expandGrid } from '../audit/expand-grid.ts';
import { planKeys } from '../audit/plan/plan-keys.ts';
import { summarisePlan } from '../audit/plan/summarise-plan.ts';
import { runAudit } from '../audit/run-audit.ts';
import type { RunOptions } from '../audit/run-cells.ts';
import { runGrid } from '../audit/run-grid.ts';
import { toolVersion } from '../audit/tool-version.ts';
import type { LoadedConfig } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { allDefenses } from '../defenses/registry.ts';
import { architectures } from '../models/architectures.ts';
import type { Timing } from '../study/estimate/timings.ts';
import { DECODED } from '../study/store/decoded.ts';
import type { Places } from '../study/task.ts';
import { attackFacts } from './attack-facts.ts';
import { datasetFacts } from './dataset-facts.ts';
import { defenseFacts } from './defense-facts.ts';
import { figureFacts, presetFacts } from './figure-facts.ts';
import { loadAny, loadAudit, loadStudy } from './load.ts';
import { modelChoices } from './model-facts.ts';
import type { OnEvent } from './output.ts';
import { protocolFacts } from './protocol-facts.ts';
import { placesFrom as dataDirOf, type RunSettings } from './run-settings.ts';
import type { Services } from './services.ts';

const optionsFrom = (
  { store, workers, workerMemoryMiB, showRecords, ...where }: RunSettings,
  onEvent: OnEvent,
  signal: AbortSignal,
): RunOptions => ({
  ...{ store, workers, workerMemoryMiB, version: toolVersion(), onEvent, signal },
  ...(showRecords && { showRecords }),
  places: placesFrom({ store, ...where }),
});

const placesFrom = ({
  dataDir,
  store,
  skipBroken,
}: Pick<RunSettings, 'dataDir' | 'store' | 'skipBroken'>): Places => ({
  ...(dataDir !== undefined && { dataDir }),
  ...(skipBroken && { skipBroken }),
  dataCache: join(store, DECODED),
});

const cellsOf = (loaded: LoadedConfig): readonly Wanted[] => {
  switch (loaded.kind) {
    case 'audit':
      return [cellOf(loaded.config)];
    case 'own':
      return [{ ownAudit: loaded.config }];
    case 'study':
      return expandGrid(loaded.config);
  }
};

/** What plans of this process have tried out: the studies of a preset have much in common. */
const tried = new Map<string, readonly Timing[]>();

const planOf = (loaded: LoadedConfig, settings: RunSettings, signal: AbortSignal, tryOutSeconds?: number) =>
  summarisePlan(cellsOf(loaded), loaded.source, {
    ...{ store: settings.store, workers: settings.workers, signal },
    ...(tryOutSeconds !== undefined && { tryOutSeconds }),
    tried,
    places: placesFrom(settings),
  });

export const servicesAtWork: Services = {
  runDemo: (options, settings, onEvent, signal) =>
    runAudit(demoConfig(options), optionsFrom(settings, onEvent, signal), { command: demoCommand(options) }),
  loadAudit,
  runAudit: ({ config, source }, settings, onEvent, signal, confirm) =>
    runAudit(
      config,
      { ...optionsFrom(settings, onEvent, signal), ...(confirm && { remote: { confirm } }) },
      { source },
    ),
  loadStudy,
  runStudy: ({ config, source }, settings, onEvent, signal) =>
    runGrid(config, optionsFrom(settings, onEvent, signal), source),
  plan: async (path, overrides, settings, signal, tryOutSeconds) =>
    planOf(await loadAny(path, overrides), settings, signal, tryOutSeconds),
  planStudy: planOf,
  plannedKeys: async (path, store) => {
    const loaded = await loadConfig(path);
    return planKeys(cellsOf(loaded), loaded.source, placesFrom({ store, ...dataDirOf({}, process.env) }));
  },
  lists: {
    protocols: protocolFacts,
    attacks: () => Object.values(allAttacks()).map(attackFacts),
    defenses: () => Object.values(allDefenses()).map(defenseFacts),
    models: () =>
      Object.values(architectures).map((model) => ({
        name: model.name,
        title: model.title,
        ...modelChoices(model),
        source: model.source,
      })),
    datasets: ({ dataDir }) => datasetFacts(dataDir),
    figures: figureFacts,
    presets: presetFacts,
  },
};
