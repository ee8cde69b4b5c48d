/** JUnit XML, as CI systems read it: suites of cases, each passed, failed, in error or skipped. */

import { element, type XmlElement, xmlDocument } from './xml.ts';

export interface TestCase {
  /** What it belongs to, with dots between its parts. */
  readonly className: string;
  readonly name: string;
  /** `failure`: found wanting; `error`: it could not be looked at; `skipped`: it decides nothing. */
  readonly outcome: 'passed' | 'failure' | 'error' | 'skipped';
  /** One line. */
  readonly message: string;
  /** More, if there is more to say. */
  readonly detail?: string;
}

export interface TestSuite {
  readonly name: string;
  readonly cases: readonly TestCase[];
}

/** In the dialect of Ant and Maven Surefire; every case has a time, as some readers insist on one, and it is 0. */
export function junitXml(name: string, suites: readonly TestSuite[]): string {
  const all = suites.flatMap(({ cases }) => cases);
  return xmlDocument(element('testsuites', { name, ...counts(all), time: 0 }, suites.map(suiteElement)));
}

function counts(cases: readonly TestCase[]): Record<string, number> {
  const count = (outcome: TestCase['outcome']) => cases.filter((one) => one.outcome === outcome).length;
  return {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

function suiteElement({ name, cases }: TestSuite): XmlElement {
  return element('testsuite', { name, ...counts(cases), time: 0 }, cases.map(caseElement));
}

function caseElement({ className, name, outcome, message, detail }: TestCase): XmlElement {
  const attributes = { classname: className, name, time: 0 };
  const text = detail === undefined ? [] : [detail];
  if (outcome === 'passed') return element('testcase', attributes, [element('system-out', {}, [message])]);
  if (outcome === 'skipped') return element('testcase', attributes, [element('skipped', { message })]);
  return element('testcase', attributes, [element(outcome, { message, type: className }, text)]);
}
