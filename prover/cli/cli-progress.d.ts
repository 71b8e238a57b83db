/** The part of cli-progress 3 that the project uses; the package has no types of its own. */
declare module 'cli-progress' {
  export interface SingleBar {
    update(value: number, payload?: object): void;
    stop(): void;
  }
  export class MultiBar {
    constructor(options: {
      readonly format: string;
      readonly clearOnComplete?: boolean;
      readonly hideCursor?: boolean;
      readonly stream?: NodeJS.WritableStream;
      readonly noTTYOutput?: boolean;
    });
    create(total: number, startValue: number, payload?: object): SingleBar;
    stop(): void;
  }
}
