/** Secrets come from environment variables, and leave this process in requests only: never in a file or a message. */
import { AuditError } from '../../errors.ts';

export interface Secrets {
  /**
   * The text with every `${NAME}` replaced.
   *
   * @throws {AuditError} MLD_ENDPOINT_AUTH for a variable that is not set
   */
  expand(text: string): string;
  /** The other way: a text for people, with `${NAME}` in place of every secret that was used. */
  redact(text: string): string;
}

const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
/** Shorter values stand in any text by chance. */
const SHORTEST_SECRET = 4;

export const secretsFrom = (env: Readonly<Record<string, string | undefined>>): Secrets => {
  const used = new Map<string, string>();
  return {
    expand: (text) =>
      text.replace(VARIABLE, (_, name: string) => {
        // Files with secrets end in a line break.
        const value = env[name]?.trim();
        if (value === undefined || value === '')
          throw new AuditError(
            'MLD_ENDPOINT_AUTH',
            `the environment variable ${name} is not set; the training service needs it`,
            `Set ${name}, for example with "export ${name}=…", and run again.`,
          );
        used.set(name, value);
        return value;
      }),
    redact: (text) =>
      // Longest first: a secret may be part of another.
      [...used]
        .filter(([, value]) => value.length >= SHORTEST_SECRET)
        .sort(([, a], [, b]) => b.length - a.length)
        .reduce((left, [name, value]) => left.replaceAll(value, `\${${name}}`), text),
  };
};

/** Whether a text names a secret. */
export const namesSecret = (text: string): boolean => text.search(VARIABLE) >= 0;
