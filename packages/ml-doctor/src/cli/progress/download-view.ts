/** Shows a download on stderr: a live line on a terminal, a line now and then in a log, JSON lines for programs. */

import type { DownloadProgress } from '../../data/acquire/download.ts';
import { fileSize } from '../../files/file-size.ts';
import { duration } from '../../report/format.ts';
import { printable } from '../../report/plain-text.ts';
import type { Sink } from '../io.ts';
import { liveLine } from './live-line.ts';

const PAUSE_MS = { json: 1000, plain: 15_000 } as const;
/** A rate from less time than this would jump about. */
const LEAST_SECONDS = 1;

export interface DownloadView {
  onProgress(progress: DownloadProgress): void;
  onRetry(what: string): void;
  clear(): void;
}

export function downloadView(
  sink: Sink,
  { json, now = () => performance.now() }: { readonly json: boolean; readonly now?: () => number },
): DownloadView {
  const line = liveLine(json ? undefined : sink);
  const live = !json && sink.isTTY === true;
  let saidAt = now();
  let file: string | undefined;
  let [startedAt, startBytes] = [0, 0];
  return {
    clear: line.clear,
    onProgress(progress) {
      const time = now();
      if (progress.file !== file) [file, startedAt, startBytes] = [progress.file, time, progress.kept];
      // Begun anew, as the server did not continue.
      if (progress.bytes < startBytes) [startedAt, startBytes] = [time, progress.kept];
      const text = () => describe(progress, (time - startedAt) / 1000, progress.bytes - startBytes);
      if (live) return line.show(text());
      if (time - saidAt < (json ? PAUSE_MS.json : PAUSE_MS.plain)) return;
      saidAt = time;
      sink.write(`${json ? JSON.stringify({ type: 'progress', ...progress }) : text()}\n`);
    },
    onRetry(what) {
      line.clear();
      sink.write(json ? `${JSON.stringify({ type: 'retry', message: what })}\n` : `${printable(what)}\n`);
    },
  };
}

/** `a/b.gz: 45 % of 163 MiB, 12 MiB/s, about 10 s left`. */
function describe({ file, bytes, total }: DownloadProgress, seconds: number, received: number): string {
  const share =
    total === undefined ? fileSize(bytes) : `${Math.floor((100 * bytes) / total)} % of ${fileSize(total)}`;
  if (seconds < LEAST_SECONDS || received <= 0) return printable(`${file}: ${share}`);
  const rate = received / seconds;
  const left = total === undefined ? '' : `, about ${duration((total - bytes) / rate)} left`;
  return printable(`${file}: ${share}, ${fileSize(Math.round(rate))}/s${left}`);
}
