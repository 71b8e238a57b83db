/** The part of snarkjs 0.7.6 that the project uses; the package has no types of its own. */
declare module 'snarkjs' {
  export interface SnarkjsProof {
    readonly pi_a: readonly [string, string, string];
    readonly pi_b: readonly [readonly [string, string], readonly [string, string], readonly [string, string]];
    readonly pi_c: readonly [string, string, string];
    readonly protocol: string;
    readonly curve: string;
  }
  /** A file name, or bytes in memory. */
  export type FileSource = string | { readonly type: 'mem'; data?: Uint8Array };
  export interface Logger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }
  export const groth16: {
    prove(
      zkey: FileSource,
      wtns: FileSource,
      logger?: Logger,
      options?: { readonly singleThread?: boolean },
    ): Promise<{ proof: SnarkjsProof; publicSignals: string[] }>;
    verify(
      key: unknown,
      publicSignals: readonly string[],
      proof: SnarkjsProof,
      logger?: Logger,
    ): Promise<boolean>;
  };
  export const powersOfTau: {
    newAccumulator(curve: unknown, power: number, file: FileSource, logger?: Logger): Promise<Uint8Array>;
    contribute(
      from: FileSource,
      to: FileSource,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    preparePhase2(from: FileSource, to: FileSource, logger?: Logger): Promise<void>;
    verify(ptau: FileSource, logger?: Logger): Promise<boolean>;
  };
  export const curves: { getCurveFromName(name: string): Promise<{ terminate(): Promise<void> }> };
  export const zKey: {
    newZKey(r1cs: FileSource, ptau: FileSource, zkey: FileSource, logger?: Logger): Promise<Uint8Array | -1>;
    contribute(
      from: FileSource,
      to: FileSource,
      name: string,
      entropy: string,
      logger?: Logger,
    ): Promise<Uint8Array>;
    beacon(
      from: FileSource,
      to: FileSource,
      name: string,
      beaconHex: string,
      iterationsExp: number,
      logger?: Logger,
    ): Promise<Uint8Array | false>;
    verifyFromR1cs(r1cs: FileSource, ptau: FileSource, zkey: FileSource, logger?: Logger): Promise<boolean>;
    exportVerificationKey(zkey: FileSource, logger?: Logger): Promise<Record<string, unknown>>;
  };
}
