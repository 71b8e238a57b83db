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

/**
 * Money of one auctioneer, spent on bids.
 *
 * A record `chip` that the wallet holds.
 */
export type Chip = TypedRecord<'auction.aleo/chip', ChipData>;

/** Members of a record `lot`. */
export interface LotData {
  readonly owner: string;
  readonly item: bigint;
  readonly reserve: bigint;
}

/**
 * A thing for sale, in the hands of its auctioneer; `item` is the hash of its description.
 *
 * A record `lot` that the wallet holds.
 */
export type Lot = TypedRecord<'auction.aleo/lot', LotData>;

/** Members of a record `bid`. */
export interface BidData {
  readonly owner: string;
  readonly bidder: string;
  readonly item: bigint;
  readonly amount: bigint;
}

/**
 * A bid with its money: belongs to the auctioneer, who can only resolve, finish or turn down.
 *
 * A record `bid` that the wallet holds.
 */
export type Bid = TypedRecord<'auction.aleo/bid', BidData>;

/** Members of a record `prize`. */
export interface PrizeData {
  readonly owner: string;
  readonly house: string;
  readonly item: bigint;
  readonly price: bigint;
}

/**
 * The winner's prize: `house` sold `item` for `price`.
 *
 * A record `prize` that the wallet holds.
 */
export type Prize = TypedRecord<'auction.aleo/prize', PrizeData>;

/** Its record types by name. */
export interface Records {
  readonly chip: Chip;
  readonly lot: Lot;
  readonly bid: Bid;
  readonly prize: Prize;
}

/** Its functions. Arguments are named by the program's comments, else by register and type. */
export interface Functions {
  /**
   * The caller, as an auctioneer, makes r1 chips for r0.
   *
   * Takes address, u64; gives chip.record.
   */
  sell_chips(r0_address: string, r1_u64: bigint): TypedCall<readonly [ChipData]>;
  /**
   * Makes one of two chip records of the same house.
   *
   * Takes chip.record, chip.record; gives chip.record.
   */
  join_chips(r0_chip: RecordArgument<Chip>, r1_chip: RecordArgument<Chip>): TypedCall<readonly [ChipData]>;
  /**
   * The caller, as an auctioneer, offers item r0 for r1 or more.
   *
   * Takes field, u64; gives lot.record.
   */
  offer(r0_field: bigint, r1_u64: bigint): TypedCall<readonly [LotData]>;
  /**
   * Bids r2 chips for item r1 of the chips' house; the rest returns.
   *
   * Takes chip.record, field, u64; gives bid.record, chip.record.
   */
  place_bid(
    r0_chip: RecordArgument<Chip>,
    r1_field: bigint,
    r2_u64: bigint,
  ): TypedCall<readonly [BidData, ChipData]>;
  /**
   * Keeps the higher of two bids for one item (the first if they are equal) and pays the other back.
   *
   * Takes bid.record, bid.record; gives bid.record, chip.record.
   */
  resolve(r0_bid: RecordArgument<Bid>, r1_bid: RecordArgument<Bid>): TypedCall<readonly [BidData, ChipData]>;
  /**
   * Sells the lot to the bid that is left, if it reaches the reserve: the prize to the bidder, the chips to the house.
   *
   * Takes lot.record, bid.record; gives prize.record, chip.record.
   */
  finish(r0_lot: RecordArgument<Lot>, r1_bid: RecordArgument<Bid>): TypedCall<readonly [PrizeData, ChipData]>;
  /**
   * Pays a bid back: below the reserve, too late, or the sale is off.
   *
   * Takes bid.record; gives chip.record.
   */
  turn_down(r0_bid: RecordArgument<Bid>): TypedCall<readonly [ChipData]>;
}

/**
 * An auction with sealed bids: first price, the highest bid wins, on a tie the earlier of the two as they are compared.
 *
 * Who holds what: bidders hold `chip` records, bought from the auctioneer ("the house"). A bid locks chips in a `bid` record
 * that belongs to the house, which compares bids two by two, gives the losers' chips back, and hands over the `prize`.
 * What the house cannot do: change a bid, keep a loser's chips when it compares (the loser gets them in the same transaction),
 * make a lower bid beat a higher one, sell below the reserve, or charge another price than the winning bid.
 * What is private: bidders see nothing of each other, outsiders see nothing at all. The house sees every bid when it arrives.
 * Known limits: the house can leave a bid uncompared (a bidder notices: the chips do not come back), bid itself, and issues the
 * chips. Use it where the house is trusted to be live, not where it is trusted with the money's arithmetic.
 *
 * `auction.aleo`, bound to an account.
 */
export type AuctionProgram = TypedProgram<Functions, Records>;

export const AuctionProgram = defineBindings<Functions, Records>(
  '0x08a0dd09f632650f1785f57d879809729489b531795a292ee3234273bc14c259',
  `// An auction with sealed bids: first price, the highest bid wins, on a tie the earlier of the two as they are compared.
//
// Who holds what: bidders hold \`chip\` records, bought from the auctioneer ("the house"). A bid locks chips in a \`bid\` record
// that belongs to the house, which compares bids two by two, gives the losers' chips back, and hands over the \`prize\`.
// What the house cannot do: change a bid, keep a loser's chips when it compares (the loser gets them in the same transaction),
// make a lower bid beat a higher one, sell below the reserve, or charge another price than the winning bid.
// What is private: bidders see nothing of each other, outsiders see nothing at all. The house sees every bid when it arrives.
// Known limits: the house can leave a bid uncompared (a bidder notices: the chips do not come back), bid itself, and issues the
// chips. Use it where the house is trusted to be live, not where it is trusted with the money's arithmetic.
program auction.aleo;

// Money of one auctioneer, spent on bids.
record chip:
    owner as address.private;
    house as address.private;
    amount as u64.private;

// A thing for sale, in the hands of its auctioneer; \`item\` is the hash of its description.
record lot:
    owner as address.private;
    item as field.private;
    reserve as u64.private;

// A bid with its money: belongs to the auctioneer, who can only resolve, finish or turn down.
record bid:
    owner as address.private;
    bidder as address.private;
    item as field.private;
    amount as u64.private;

// The winner's prize: \`house\` sold \`item\` for \`price\`.
record prize:
    owner as address.private;
    house as address.private;
    item as field.private;
    price as u64.private;

// The caller, as an auctioneer, makes r1 chips for r0.
function sell_chips:
    input r0 as address.private;
    input r1 as u64.private;
    cast r0 self.signer r1 into r2 as chip.record;
    output r2 as chip.record;

// Makes one of two chip records of the same house.
function join_chips:
    input r0 as chip.record;
    input r1 as chip.record;
    assert.eq r0.house r1.house;
    add r0.amount r1.amount into r2;
    cast r0.owner r0.house r2 into r3 as chip.record;
    output r3 as chip.record;

// The caller, as an auctioneer, offers item r0 for r1 or more.
function offer:
    input r0 as field.private;
    input r1 as u64.private;
    cast self.signer r0 r1 into r2 as lot.record;
    output r2 as lot.record;

// Bids r2 chips for item r1 of the chips' house; the rest returns.
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

// Keeps the higher of two bids for one item (the first if they are equal) and pays the other back.
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

// Sells the lot to the bid that is left, if it reaches the reserve: the prize to the bidder, the chips to the house.
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

// Pays a bid back: below the reserve, too late, or the sale is off.
function turn_down:
    input r0 as bid.record;
    cast r0.bidder r0.owner r0.amount into r1 as chip.record;
    output r1 as chip.record;
`,
  { file: 'programs/auction.aleo' },
);
