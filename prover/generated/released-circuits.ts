// Generated from circuits/ by scripts/generate/released-circuits.ts. Do not edit.
import type { ReleasedCircuits } from '../../prover/released-circuit.ts';

export const RELEASED_CIRCUITS: ReleasedCircuits = {
  "transition-small": {
    "witnessGenerator": "0x9c77772ff590da410210ae5a993a2b1d632679159bb18a2f044a2bc983b9d347",
    "constraintSystem": "0x92768d18ad96198125666e6d84ca3a0c140c30f5012fd72bc5baabc01a47dc86"
  },
  "transition-large": {
    "witnessGenerator": "0x4233e3a690a45f1e3f60a5947eba58ab488ba4023d517190de3b2dce1980a203",
    "constraintSystem": "0xcd482722495679590b24a976b1f8c7815fd2e7fe435ea57934483fcff09a8212"
  },
  "state-update-small": {
    "witnessGenerator": "0x0aca2b234ffd78da2fde300c0c4e1669b4f94ec137ddde07dafa058250fa3044",
    "constraintSystem": "0x95997fef5159109ca95fc8eb54c35de93fd18f8234c5fa9b7efeef2e31c257e3"
  },
  "state-update-large": {
    "witnessGenerator": "0x7032a317595138703b7f4f624dd099698a7087fd2fcac634127bb9f9325ef313",
    "constraintSystem": "0x2f378d60ad3df10869e03be0f32e21ee4c0ce424163aff2f0a6a56ad21f8b645"
  }
};
