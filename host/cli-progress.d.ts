/** The part of cli-progress 3.12 that the project uses; the package has no types of its own. */
declare module 'cli-progress' {
  export interface BarOptions {
    /** A template, or a function that gives the line; `progress` is the fraction. */
    readonly format?:
      | string
      | ((
          options: object,
          params: { readonly progress: number },
          payload: Record<string, unknown>,
        ) => string);
    readonly hideCursor?: boolean;
    readonly clearOnComplete?: boolean;
    readonly stopOnComplete?: boolean;
    readonly noTTYOutput?: boolean;
    readonly notTTYSchedule?: number;
    readonly autopadding?: boolean;
    readonly barsize?: number;
    readonly stream?: NodeJS.WritableStream;
  }
  export class SingleBar {
    update(value: number, payload?: Record<string, unknown>): void;
    stop(): void;
  }
  export class MultiBar {
    constructor(options: BarOptions, preset?: object);
    create(total: number, start: number, payload?: Record<string, unknown>): SingleBar;
    remove(bar: SingleBar): boolean;
    log(text: string): void;
    stop(): void;
  }
  export const Presets: { readonly shades_classic: object };
}
