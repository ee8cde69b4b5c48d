/** A small reader of XML 1.0 that throws on anything that is not well-formed: what CI systems would refuse. */

export interface XmlRead {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlRead[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Section 2.2 of the recommendation: what a document may hold at all. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Cs}/u;

export function readXml(text: string): XmlRead {
  if (FORBIDDEN.test(text)) throw new Error('a character that XML cannot hold');
  let rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  if (rest === text) throw new Error('no declaration');
  const take = (pattern: RegExp): RegExpExecArray | undefined => {
    const found = pattern.exec(rest);
    if (found === null) return undefined;
    rest = rest.slice(found[0].length);
    return found;
  };
  const decoded = (raw: string): string => {
    if (raw.includes('<')) throw new Error('a bare <');
    return raw.replace(/&([^;]*)(;?)/g, (whole, name: string, end: string) => {
      const char = end === ';' && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
      if (char === undefined) throw new Error(`a bare & in ${whole}`);
      return char;
    });
  };
  const readElement = (): XmlRead => {
    const name = take(/^<([A-Za-z][\w.-]*)/)?.[1];
    if (name === undefined) throw new Error(`no element at ${rest.slice(0, 40)}`);
    const attributes: Record<string, string> = {};
    for (let found = take(ATTRIBUTE); found !== undefined; found = take(ATTRIBUTE)) {
      if (Object.hasOwn(attributes, found[1]!)) throw new Error(`${found[1]} twice`);
      attributes[found[1]!] = decoded(found[2]!);
    }
    if (take(/^\/>/) !== undefined) return { name, attributes, children: [], text: '' };
    if (take(/^>/) === undefined) throw new Error(`the tag ${name} does not end`);
    const children: XmlRead[] = [];
    let inside = '';
    for (;;) {
      inside += decoded(take(/^[^<]*/)![0]);
      if (rest.startsWith('</')) {
        if (take(/^<\/([\w.-]+)>/)?.[1] !== name) throw new Error(`${name} is not closed`);
        return { name, attributes, children, text: inside };
      }
      children.push(readElement());
    }
  };
  const root = readElement();
  if (rest.trim() !== '') throw new Error('something after the root');
  return root;
}

const ATTRIBUTE = /^\s+([A-Za-z][\w.-]*)="([^"<]*)"/;

/** Suites with counts that are true, cases with at most one outcome: what readers of JUnit XML rely on. */
export function readJunit(
  text: string,
): readonly { readonly name: string; readonly outcome: string; readonly message: string }[] {
  const root = readXml(text);
  if (root.name !== 'testsuites') throw new Error('no testsuites');
  const counted = (cases: readonly XmlRead[]) => {
    const of = (name: string) =>
      cases.filter(({ children }) => children.some((one) => one.name === name)).length;
    return {
      tests: String(cases.length),
      failures: String(of('failure')),
      errors: String(of('error')),
      skipped: String(of('skipped')),
    };
  };
  const check = (element: XmlRead, cases: readonly XmlRead[]) => {
    for (const [key, value] of Object.entries(counted(cases)))
      if (element.attributes[key] !== value) throw new Error(`${element.name} counts ${key} wrong`);
    if (!element.attributes['name']) throw new Error(`${element.name} has no name`);
  };
  check(
    root,
    root.children.flatMap(({ children }) => children),
  );
  for (const suite of root.children) {
    if (suite.name !== 'testsuite') throw new Error(`${suite.name} among suites`);
    check(suite, suite.children);
  }
  return root.children.flatMap(({ children }) =>
    children.map(({ name, attributes, children: inside }) => {
      if (name !== 'testcase' || !attributes['name'] || !attributes['classname'])
        throw new Error('a case without its names');
      if (inside.length > 1) throw new Error('a case with two outcomes');
      const [outcome] = inside;
      return {
        name: attributes['name'],
        outcome: outcome?.name ?? 'passed',
        message: outcome?.attributes['message'] ?? outcome?.text ?? '',
      };
    }),
  );
}
