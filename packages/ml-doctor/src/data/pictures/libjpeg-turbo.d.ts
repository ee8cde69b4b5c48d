/** What is used of the package, which brings no types. */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  interface JPEGDecoder {
    /** Room for so many bytes; a view of WebAssembly memory until the next call. */
    getEncodedBuffer(length: number): Uint8Array;
    /** Throws a number for what it cannot decode whole. */
    decode(): void;
    getFrameInfo(): { readonly width: number; readonly height: number; readonly componentCount: number };
    /** A view of WebAssembly memory until the next call. */
    getDecodedBuffer(): Uint8Array;
    delete(): void;
  }
  const load: () => Promise<{ readonly JPEGDecoder: new () => JPEGDecoder }>;
  export default load;
}
