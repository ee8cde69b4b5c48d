/** SARIF 2.1.0 (OASIS), as code scanning services read it: rules, and what was found against them. */

import { createHash } from 'node:crypto';
import { printable } from '../plain-text.ts';

export const SARIF_SCHEMA =
  'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** Section 3.27.10; `none` belongs to results that are no problem, which are left out (see {@link sarifLog}). */
export type SarifLevel = 'note' | 'warning' | 'error';

export interface SarifRule {
  readonly id: string;
  /** In PascalCase, as section 3.49.7 wants names. */
  readonly name: string;
  readonly short: string;
  readonly full: string;
  readonly help: string;
  readonly level: SarifLevel;
}

export interface SarifFinding {
  readonly ruleId: string;
  readonly level: SarifLevel;
  readonly message: string;
  /** Path of a file, relative or absolute, with slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column?: number;
  /** What tells this finding from others of its rule, the same in every run. */
  readonly fingerprint: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** Something that could not be looked at. */
export interface SarifNotification {
  readonly id: string;
  readonly message: string;
}

/**
 * A log of one run. Only problems become results: code scanning shows whatever is in them as an alert, also what section
 * 3.27.9 calls a `pass`, and wants a location of each.
 */
export function sarifLog(options: {
  readonly tool: { readonly name: string; readonly version: string };
  readonly rules: readonly SarifRule[];
  readonly findings: readonly SarifFinding[];
  readonly notifications: readonly SarifNotification[];
  readonly properties: Readonly<Record<string, unknown>>;
}): string {
  const { tool, rules, findings, notifications, properties } = options;
  const log = {
    $schema: SARIF_SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            version: tool.version,
            rules: rules.map(ruleObject),
          },
        },
        invocations: [
          {
            executionSuccessful: notifications.length === 0,
            ...(notifications.length > 0 && {
              toolExecutionNotifications: notifications.map(({ id, message }) => ({
                descriptor: { id },
                level: 'error',
                message: { text: printable(message) },
              })),
            }),
          },
        ],
        results: findings.map((finding) => resultObject(finding, rules)),
        columnKind: 'utf16CodeUnits',
        properties,
      },
    ],
  };
  return `${JSON.stringify(log, null, 1)}\n`;
}

function ruleObject({ id, name, short, full, help, level }: SarifRule) {
  return {
    id,
    name,
    shortDescription: { text: short },
    fullDescription: { text: full },
    help: { text: help },
    defaultConfiguration: { level },
  };
}

function resultObject(finding: SarifFinding, rules: readonly SarifRule[]) {
  const { ruleId, level, message, file, line, column, fingerprint, properties } = finding;
  const ruleIndex = rules.findIndex(({ id }) => id === ruleId);
  if (ruleIndex === -1) throw new Error(`internal: a finding of the rule ${ruleId}, which there is not`);
  return {
    ruleId,
    ruleIndex,
    level,
    message: { text: printable(message) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, ...(column !== undefined && { startColumn: column }) },
        },
      },
    ],
    partialFingerprints: {
      'mlDoctorFinding/v1': createHash('sha256')
        .update(`${ruleId}\n${fingerprint}`)
        .digest('hex')
        .slice(0, 32),
    },
    ...(properties !== undefined && { properties }),
  };
}

/** A path as a URI (RFC 3986): absolute ones as file:, relative ones as they are, without what steers out of a name. */
export function uriOf(path: string): string {
  const segments = path.replaceAll('\\', '/').split('/').map(encoded);
  const text = segments.join('/');
  if (/^[A-Za-z]%3A\//.test(text)) return `file:///${text.replace('%3A', ':')}`;
  return text.startsWith('/') ? `file://${text}` : text;
}

const encoded = (segment: string): string => encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'));
