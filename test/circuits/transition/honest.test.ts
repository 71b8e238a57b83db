import { before, describe } from 'node:test';
import { loadCircuit, type TestCircuit } from '../../support/circuit/circuits.ts';
import { acceptsCalls } from '../../support/transition/honest-calls.ts';
import { burnCall, joinCall, mintCall, transferCall } from '../../support/transition/transitions.ts';

describe('transition-small, honest calls', () => {
  let circuit: TestCircuit;
  before(async () => {
    circuit = await loadCircuit('transition-small');
  });

  acceptsCalls(() => circuit, {
    'mint: no record input, one output': mintCall,
    'transfer: one record input, two outputs': transferCall,
    'join: two record inputs': joinCall,
    'burn: a message, no output': burnCall,
  });
});
