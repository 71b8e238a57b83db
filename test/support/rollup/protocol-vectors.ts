import { bytesToHex } from '@noble/hashes/utils.js';
import { challengeHash } from '../../../protocol/call/challenge.ts';
import { DOMAIN } from '../../../protocol/constants.ts';
import { elligator2, hashToGroup } from '../../../protocol/curve/hash-to-group.ts';
import { cofactorPreimage, G, mulPoint } from '../../../protocol/curve/point.ts';
import { keyStream } from '../../../protocol/encryption.ts';
import { hash, hashToScalar } from '../../../protocol/hash/hash.ts';
import { permute } from '../../../protocol/hash/poseidon.ts';
import {
  functionIdOf,
  functionTreePath,
  functionTreeRoot,
  nameToField,
  programIdOf,
  sourceHashOf,
} from '../../../protocol/program-id.ts';
import { depositRecord, dummyNullifier, recordCommitment, recordTypeId } from '../../../protocol/record.ts';
import { rollupIdOf } from '../../../protocol/rollup-id.ts';
import { stateUpdatePublicInputs } from '../../../protocol/state/binding.ts';
import { addressToText, computeKeyToText, seedToText, viewKeyToText } from '../../../protocol/text.ts';
import { encodeBlock } from '../../../protocol/transaction/block.ts';
import { transitionPublicInputs } from '../../../protocol/transaction/statement.ts';
import { encodeTransaction, transactionId } from '../../../protocol/transaction/transaction.ts';
import { transitionSignals } from '../../../protocol/transaction/transition.ts';
import { alice, sampleAuthorization } from '../transition/authorizations.ts';

const count = (from: number, length: number): bigint[] => Array.from({ length }, (_, k) => BigInt(from + k));

/** Every derived value of docs/specification.md over fixed inputs, by name; integers stay bigint. */
export function protocolVectors(): Record<string, unknown> {
  const request = sampleAuthorization({ message: { programId: 1001n, words: [11n, 12n, 13n] } });
  const signals = transitionSignals(request.signals);
  const statementHash = challengeHash(request);
  const transaction = { transitions: [{ keyId: 0, proof: new Uint8Array(256), statementHash, signals }] };
  const functions = count(1, 6);
  const ids = {
    root: functionTreeRoot(functions),
    source: sourceHashOf('program token.aleo;\n\nfunction f:\n'),
  };
  return {
    poseidon: [2, 3, 5, 9, 17].map((width) => permute(count(0, width))),
    hash: [1, 2, 4, 16, 17, 33].map((length) => hash(DOMAIN.RECORD, count(1, length))),
    hashToScalar: hashToScalar(DOMAIN.R_OUT, [1n]),
    elligator2: [1n, 2n, 3n].map((u) => elligator2(u)),
    hashToGroup: [0n, 1n, 2n].map(hashToGroup),
    multiples: [1n, 2n, 3n, 1n << 200n].map((k) => mulPoint(G, k)),
    cofactorPreimage: cofactorPreimage(G),
    account: {
      skSig: alice.skSig,
      rSig: alice.rSig,
      computeKey: alice.computeKey,
      viewKey: alice.viewKey,
      address: alice.address,
      seedText: seedToText(alice.seed),
      viewKeyText: viewKeyToText(alice.viewKey),
      addressText: addressToText(alice.address.x),
      computeKeyText: computeKeyToText(alice.computeKey),
    },
    recordTypeId: recordTypeId(7n, nameToField('token')),
    deposit: recordCommitment(
      depositRecord({
        viewKey: alice.viewKey,
        owner: alice.address.x,
        rollupId: 9n,
        counter: 2,
        typeId: 5n,
        queueIndex: 3n,
        data: count(1, 5),
      }),
    ),
    dummyNullifier: dummyNullifier(1n, 2n, 1),
    keyStream: keyStream(1n, 1, 2n),
    program: {
      name: nameToField('token'),
      functionId: functionIdOf(1n, nameToField('transfer'), 99n),
      functionTreeRoot: ids.root,
      functionTreePath: functionTreePath(functions, 5),
      sourceHash: ids.source,
      programId: programIdOf(1, ids.root, ids.source, nameToField('token')),
    },
    authorization: { ...request, signals },
    transaction: bytesToHex(encodeTransaction(transaction)),
    transitionPublicInputs: transitionPublicInputs(0, signals, statementHash),
    transactionId: bytesToHex(transactionId(transaction)),
    block: bytesToHex(
      encodeBlock({
        transitions: [
          {
            keyId: 0,
            anchorBlock: 5,
            proof: new Uint8Array(256),
            statementHash,
            signals: signals.slice(0, -1),
          },
        ],
        chunks: [
          { keyId: 2, newNoteRoot: 6n, newNullifierRoot: 7n, statementHash: 8n, proof: new Uint8Array(256) },
        ],
        depositCount: 3,
      }),
    ),
    rollupId: rollupIdOf(31337n, '0x5FbDB2315678afecb367f032d93F642f64180aa3', new Uint8Array(32).fill(1)),
    stateUpdatePublicInputs: stateUpdatePublicInputs({
      chainId: 31337n,
      contract: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
      sender: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
      l2Block: 12,
      keyId: 2,
      chunk: {
        data: {
          nullifiers: count(100, 4),
          commitments: count(200, 4),
          deposits: [300, 310, 320, 330].map((from) => count(from, 8)),
        },
        oldNoteRoot: 1n,
        newNoteRoot: 2n,
        oldNullifierRoot: 3n,
        newNullifierRoot: 4n,
        starts: { noteStart: 8, depositStart: 12, nullifierStart: 16 },
      },
    }),
  };
}

/** JSON of the vectors: integers as 0x and 64 hex digits. */
export function vectorsJson(): string {
  const write = (_: string, value: unknown): unknown =>
    typeof value === 'bigint' ? `0x${value.toString(16).padStart(64, '0')}` : value;
  return `${JSON.stringify(protocolVectors(), write, 2)}\n`;
}
