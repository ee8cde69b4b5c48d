/** An audit of one's own model back to the file format: complete, and without what differs between machines. */

import { isAbsolute, relative } from 'node:path';
import { parseModelName } from '../models/model-name.ts';
import type { Json } from '../study/canonical-json.ts';
import type { EndpointChoice } from '../targets/http/endpoint.ts';
import { hasVariable, isTelling } from '../targets/http/secrets.ts';
import { attackToJson, defenseToJson } from './config-text.ts';
import type { OwnAuditConfig } from './own-config.ts';
import { recipeToJson } from './training.ts';

/** As configurations and reports write a path: from their folder, so that machines differ in it as little as can be. */
export const pathFrom = (base: string, file: string): string =>
  isAbsolute(file) ? relative(base, file) || '.' : file;

/** @param base folder that paths are written from */
export const ownToJson = (config: OwnAuditConfig, base: string): { readonly [key: string]: Json } => {
  const {
    name,
    plugins,
    data,
    own,
    scaling,
    checkScaling,
    expectAccuracy,
    shadows,
    offers,
    defense,
    attacks,
    seed,
    explain,
  } = config;
  const path = (file: string) => pathFrom(base, file);
  const { members, nonMembers, auxiliary, ...records } = data;
  const isOutputs = own.kind === 'outputs';
  return plain({
    name,
    plugins,
    data: {
      members: members && path(members),
      nonMembers: nonMembers && path(nonMembers),
      auxiliary: auxiliary && path(auxiliary),
      ...records,
    },
    target: {
      ...targetToJson(own, path),
      ...scaling,
      ...(own.kind === 'onnx' && !checkScaling && { checkScaling }),
      expectAccuracy,
      ...((own.kind === 'onnx' || own.kind === 'endpoint') && {
        shadows: shadowsToJson(shadows),
      }),
      ...(Object.keys(offers).length > 0 && { offers }),
    },
    ...(!isOutputs && { defense: defenseToJson(defense) }),
    attacks: attacks?.map(attackToJson),
    seed,
    explain,
  });
};

const shadowsToJson = ({ model, training }: OwnAuditConfig['shadows']): object => {
  const { name, ...options } = parseModelName(model ?? '');
  return { ...(model !== undefined && { model: name, ...options }), ...recipeToJson(training) };
};

const targetToJson = (own: OwnAuditConfig['own'], path: (file: string) => string): object => {
  switch (own.kind) {
    case 'onnx':
      return { onnx: path(own.file), ...own.form };
    case 'outputs':
      return { outputs: path(own.file) };
    case 'endpoint':
      return endpointToJson(own.endpoint);
    case 'service':
      return {
        service: {
          ...own.service,
          headers: shownHeaders(own.service.headers),
          endpoint: withoutLayout(own.service.endpoint),
        },
        ...endpointToJson(own.endpoint),
      };
    case 'function':
      return { function: own.identity };
  }
};

/** A key that stands in a configuration itself must not get into a report. */
const endpointToJson = ({ url, headers, ...asked }: EndpointChoice): object => ({
  endpoint: shownAddress(url),
  headers: shownHeaders(headers),
  ...asked,
});

/** Without user and password, and without the values of a query, where somebody may have put a key. */
const shownAddress = (url: string): string =>
  url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, '$1***@')
    .replace(/([?&][^=&#]+=)([^&#]+)/g, (whole, key: string, value: string) =>
      hasVariable(value) ? whole : `${key}***`,
    );

const shownHeaders = (headers: EndpointChoice['headers']): EndpointChoice['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      isTelling(name) && !hasVariable(value) ? '***' : value,
    ]),
  );

const withoutLayout = ({ layout: _, headers, ...asked }: Omit<EndpointChoice, 'url'>): object => ({
  ...asked,
  headers: shownHeaders(headers),
});

/** Without what is not there. */
const plain = (value: object): { readonly [key: string]: Json } => JSON.parse(JSON.stringify(value));
