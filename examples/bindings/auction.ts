// Made from auction.aleo by `azalea codegen`. Do not edit it: make it again.
import {
  defineBindings,
  type RecordArgument,
  type TypedCall,
  type TypedProgram,
  type TypedRecord,
} from '../../pxe/client/typed-program.ts';

/** Members of a record `chip`. */
export interface ChipData {
  readonly owner: string;
  readonly house: string;
  readonly amount: bigint;
}

/** A record `chip` that the wallet holds. */
export type Chip = TypedRecord<'auction.aleo/chip', ChipData>;

/** Members of a record `lot`. */
export interface LotData {
  readonly owner: string;
  readonly item: bigint;
  readonly reserve: bigint;
}

/** A record `lot` that the wallet holds. */
export type Lot = TypedRecord<'auction.aleo/lot', LotData>;

/** Members of a record `bid`. */
export interface BidData {
  readonly owner: string;
  readonly bidder: string;
  readonly item: bigint;
  readonly amount: bigint;
}

/** A record `bid` that the wallet holds. */
export type Bid = TypedRecord<'auction.aleo/bid', BidData>;

/** Members of a record `prize`. */
export interface PrizeData {
  readonly owner: string;
  readonly house: string;
  readonly item: bigint;
  readonly price: bigint;
}

/** A record `prize` that the wallet holds. */
export type Prize = TypedRecord<'auction.aleo/prize', PrizeData>;

/** Its record types by name. */
export interface Records {
  readonly chip: Chip;
  readonly lot: Lot;
  readonly bid: Bid;
  readonly prize: Prize;
}

/** Its functions. Arguments are named as in the program. */
export interface Functions {
  /** Takes address, u64; gives chip.record. */
  sell_chips(r0: string, r1: bigint): TypedCall<readonly [ChipData]>;
  /** Takes chip.record, chip.record; gives chip.record. */
  join_chips(r0: RecordArgument<Chip>, r1: RecordArgument<Chip>): TypedCall<readonly [ChipData]>;
  /** Takes field, u64; gives lot.record. */
  offer(r0: bigint, r1: bigint): TypedCall<readonly [LotData]>;
  /** Takes chip.record, field, u64; gives bid.record, chip.record. */
  place_bid(r0: RecordArgument<Chip>, r1: bigint, r2: bigint): TypedCall<readonly [BidData, ChipData]>;
  /** Takes bid.record, bid.record; gives bid.record, chip.record. */
  resolve(r0: RecordArgument<Bid>, r1: RecordArgument<Bid>): TypedCall<readonly [BidData, ChipData]>;
  /** Takes lot.record, bid.record; gives prize.record, chip.record. */
  finish(r0: RecordArgument<Lot>, r1: RecordArgument<Bid>): TypedCall<readonly [PrizeData, ChipData]>;
  /** Takes bid.record; gives chip.record. */
  turn_down(r0: RecordArgument<Bid>): TypedCall<readonly [ChipData]>;
}

/** `auction.aleo`, bound to an account. */
export type AuctionProgram = TypedProgram<Functions, Records>;

export const AuctionProgram = defineBindings<Functions, Records>(
  '0x08a0dd09f632650f1785f57d879809729489b531795a292ee3234273bc14c259',
  `program auction.aleo;

record chip:
    owner as address.private;
    house as address.private;
    amount as u64.private;

record lot:
    owner as address.private;
    item as field.private;
    reserve as u64.private;

record bid:
    owner as address.private;
    bidder as address.private;
    item as field.private;
    amount as u64.private;

record prize:
    owner as address.private;
    house as address.private;
    item as field.private;
    price as u64.private;

function sell_chips:
    input r0 as address.private;
    input r1 as u64.private;
    cast r0 self.signer r1 into r2 as chip.record;
    output r2 as chip.record;

function join_chips:
    input r0 as chip.record;
    input r1 as chip.record;
    assert.eq r0.house r1.house;
    add r0.amount r1.amount into r2;
    cast r0.owner r0.house r2 into r3 as chip.record;
    output r3 as chip.record;

function offer:
    input r0 as field.private;
    input r1 as u64.private;
    cast self.signer r0 r1 into r2 as lot.record;
    output r2 as lot.record;

function place_bid:
    input r0 as chip.record;
    input r1 as field.private;
    input r2 as u64.private;
    gt r2 0u64 into r3;
    assert.eq r3 true;
    sub r0.amount r2 into r4;
    cast r0.house r0.owner r1 r2 into r5 as bid.record;
    cast r0.owner r0.house r4 into r6 as chip.record;
    output r5 as bid.record;
    output r6 as chip.record;

function resolve:
    input r0 as bid.record;
    input r1 as bid.record;
    assert.eq r0.item r1.item;
    gte r0.amount r1.amount into r2;
    ternary r2 r0.bidder r1.bidder into r3;
    ternary r2 r0.amount r1.amount into r4;
    ternary r2 r1.bidder r0.bidder into r5;
    ternary r2 r1.amount r0.amount into r6;
    cast r0.owner r3 r0.item r4 into r7 as bid.record;
    cast r5 r0.owner r6 into r8 as chip.record;
    output r7 as bid.record;
    output r8 as chip.record;

function finish:
    input r0 as lot.record;
    input r1 as bid.record;
    assert.eq r0.item r1.item;
    gte r1.amount r0.reserve into r2;
    assert.eq r2 true;
    cast r1.bidder r0.owner r0.item r1.amount into r3 as prize.record;
    cast r0.owner r0.owner r1.amount into r4 as chip.record;
    output r3 as prize.record;
    output r4 as chip.record;

function turn_down:
    input r0 as bid.record;
    cast r0.bidder r0.owner r0.amount into r1 as chip.record;
    output r1 as chip.record;
`,
);
