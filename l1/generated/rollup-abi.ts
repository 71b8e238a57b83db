// Generated from contracts/ by scripts/generate/abi.ts. Do not edit.
export const rollupAbi = [
  {
    "inputs": [
      {
        "components": [
          {
            "internalType": "bytes32",
            "name": "salt",
            "type": "bytes32"
          },
          {
            "internalType": "bool",
            "name": "insecureKeys",
            "type": "bool"
          },
          {
            "internalType": "uint256",
            "name": "creditsProgramId",
            "type": "uint256"
          },
          {
            "internalType": "uint256",
            "name": "bridgeProgramId",
            "type": "uint256"
          },
          {
            "internalType": "uint256",
            "name": "creditsTypeId",
            "type": "uint256"
          },
          {
            "internalType": "uint256",
            "name": "bridgeTypeId",
            "type": "uint256"
          },
          {
            "components": [
              {
                "internalType": "uint256[2]",
                "name": "alpha",
                "type": "uint256[2]"
              },
              {
                "internalType": "uint256[4]",
                "name": "beta",
                "type": "uint256[4]"
              },
              {
                "internalType": "uint256[4]",
                "name": "gamma",
                "type": "uint256[4]"
              }
            ],
            "internalType": "struct IRollup.SharedKey",
            "name": "shared",
            "type": "tuple"
          },
          {
            "components": [
              {
                "internalType": "uint8",
                "name": "id",
                "type": "uint8"
              },
              {
                "internalType": "uint256[4]",
                "name": "delta",
                "type": "uint256[4]"
              },
              {
                "internalType": "uint256[8]",
                "name": "ic",
                "type": "uint256[8]"
              }
            ],
            "internalType": "struct IRollup.VerificationKey[]",
            "name": "keys",
            "type": "tuple[]"
          }
        ],
        "internalType": "struct IRollup.Deployment",
        "name": "deployment",
        "type": "tuple"
      }
    ],
    "stateMutability": "nonpayable",
    "type": "constructor"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "anchorBlock",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "lastL1Block",
        "type": "uint256"
      }
    ],
    "name": "AnchorExpired",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "address",
        "name": "caller",
        "type": "address"
      }
    ],
    "name": "CallerNotCodelessOrigin",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "DataLeftOver",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "keyId",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "otherKeyId",
        "type": "uint256"
      }
    ],
    "name": "DependentKeys",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "EmptyBlock",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "chunk",
        "type": "uint256"
      }
    ],
    "name": "EmptyChunk",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      }
    ],
    "name": "FeeUnsupported",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "programId",
        "type": "uint256"
      }
    ],
    "name": "ForeignWithdrawal",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "chainId",
        "type": "uint256"
      }
    ],
    "name": "InsecureKeysRefused",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidBlockVersion",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidKeyList",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "keyId",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "point",
        "type": "uint256"
      }
    ],
    "name": "InvalidKeyPoint",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "InvalidProof",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "proof",
        "type": "uint256"
      }
    ],
    "name": "InvalidProofPoint",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "id",
        "type": "uint256"
      }
    ],
    "name": "InvalidProtocolId",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "sectionType",
        "type": "uint256"
      }
    ],
    "name": "InvalidSection",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      }
    ],
    "name": "InvalidWithdrawal",
    "type": "error"
  },
  {
    "inputs": [],
    "name": "NonCanonicalCalldata",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "chunk",
        "type": "uint256"
      }
    ],
    "name": "RootOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "keyId",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "position",
        "type": "uint256"
      }
    ],
    "name": "StatementHashOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "chunk",
        "type": "uint256"
      }
    ],
    "name": "TreeFull",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "anchorBlock",
        "type": "uint256"
      }
    ],
    "name": "UnknownAnchor",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "keyId",
        "type": "uint256"
      }
    ],
    "name": "UnknownKey",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "word",
        "type": "uint256"
      }
    ],
    "name": "UnsupportedFeature",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "word",
        "type": "uint256"
      }
    ],
    "name": "WordOutOfRange",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "anchorBlock",
        "type": "uint256"
      }
    ],
    "name": "WrongAnchorRoot",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "keyId",
        "type": "uint256"
      }
    ],
    "name": "WrongKeyRole",
    "type": "error"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "internalType": "uint256",
        "name": "word",
        "type": "uint256"
      }
    ],
    "name": "ZeroElement",
    "type": "error"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "address",
        "name": "proposer",
        "type": "address"
      },
      {
        "indexed": false,
        "internalType": "bytes32",
        "name": "blockHash",
        "type": "bytes32"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "noteRoot",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "nullifierRoot",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "nextNoteIndex",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "nextNullifierIndex",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "depositsTaken",
        "type": "uint256"
      }
    ],
    "name": "BlockSettled",
    "type": "event"
  },
  {
    "anonymous": false,
    "inputs": [
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      },
      {
        "indexed": true,
        "internalType": "uint256",
        "name": "programId",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "transition",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "w0",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "w1",
        "type": "uint256"
      },
      {
        "indexed": false,
        "internalType": "uint256",
        "name": "w2",
        "type": "uint256"
      }
    ],
    "name": "MessageSent",
    "type": "event"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "anchorUsableUntil",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "bridge",
    "outputs": [
      {
        "internalType": "contract IBridge",
        "name": "",
        "type": "address"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "bridgeProgramId",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "creditsProgramId",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "deployedAt",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "insecureKeys",
    "outputs": [
      {
        "internalType": "bool",
        "name": "",
        "type": "bool"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "keyId",
        "type": "uint256"
      }
    ],
    "name": "keyHash",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "hash",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "keyTableHash",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "nextBlock",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "nextNoteIndex",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "nextNullifierIndex",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "noteRoot",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "nullifierRoot",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "bytes",
        "name": "blockBytes",
        "type": "bytes"
      }
    ],
    "name": "propose",
    "outputs": [],
    "stateMutability": "nonpayable",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "rollupId",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [],
    "name": "salt",
    "outputs": [
      {
        "internalType": "bytes32",
        "name": "",
        "type": "bytes32"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  },
  {
    "inputs": [
      {
        "internalType": "uint256",
        "name": "number",
        "type": "uint256"
      }
    ],
    "name": "settledAt",
    "outputs": [
      {
        "internalType": "uint256",
        "name": "",
        "type": "uint256"
      }
    ],
    "stateMutability": "view",
    "type": "function"
  }
] as const;
