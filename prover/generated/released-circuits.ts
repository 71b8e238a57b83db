// Generated from circuits/ by scripts/generate/released-circuits.ts. Do not edit.
import type { ReleasedCircuits } from '../released-circuit.ts';

export const RELEASED_CIRCUITS: ReleasedCircuits = {
  "transition-small": {
    "witnessGenerator": "0x29a4ff6696108df62c1005950984d804ee0773fe2024eb45971f1d7eca6a29f9",
    "constraintSystem": "0x7b9e839db046380327b07edbf0964018fa19e525a2e1dabcd6052e2bf879dcd5"
  },
  "transition-large": {
    "witnessGenerator": "0x8674d0f497e825b0be724ca797c7dcb56302a5a557cb7923d3e57937ac246c38",
    "constraintSystem": "0x661f778a05bc8e5534c93752f39c817cb2af06353d8ef70245ad9a8cef8bb1d5"
  },
  "state-update-small": {
    "witnessGenerator": "0x35e52fef8455c2eabc0d007308c3daa1bcd0fec4c814af38fdff13a9bcb97113",
    "constraintSystem": "0x3b7186a55bb4662a420822c350a2cf0cc0b4f0398af38952e2bb1cb63f744a6d"
  },
  "state-update-large": {
    "witnessGenerator": "0x8a3d842aad4753eceb15af8c4627cdf4908ce1cb543a30a82241c0c1d2e7dfd5",
    "constraintSystem": "0xc72e2ec7ebcbb9bce2906dc71563d5d5a67a3324b7a70c3d2d2d72c137168701"
  }
};
