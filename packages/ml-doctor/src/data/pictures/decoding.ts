/** How a folder or an archive of pictures is decoded: what a caller may choose. Nothing of it changes a picture. */

export interface DecodingOptions {
  /** Folder that keeps decoded pictures for the next time and for other processes; in memory only where there is none. */
  readonly cache?: string;
  /**
   * Reads what the cache keeps once and holds it against its sha256; otherwise only its length is looked at. Either way
   * what is not as it was written is decoded anew.
   */
  readonly checkCache?: boolean;
  /** Threads that decode; as many as there are cores. */
  readonly workers?: number;
  /** Leaves out what cannot be decoded, in place of an error; the records left out are named in the data set's notes. */
  readonly skipBroken?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: DecodingProgress) => void;
}

export interface DecodingProgress {
  /** As `utkface: pictures decoded`. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
}
