/**
 * A program with functions of both sizes: `mint` is small; `mint_three` makes three records, `merge_three` takes three,
 * `split_four` makes four.
 */
export const MERGE_PROGRAM = `program merge.aleo;

record coin:
    owner as address.private;
    amount as u64.private;

function mint:
    input r0 as address.private;
    input r1 as u64.private;
    cast r0 r1 into r2 as coin.record;
    output r2 as coin.record;

function mint_three:
    input r0 as address.private;
    input r1 as u64.private;
    cast r0 r1 into r2 as coin.record;
    cast r0 r1 into r3 as coin.record;
    cast r0 r1 into r4 as coin.record;
    output r2 as coin.record;
    output r3 as coin.record;
    output r4 as coin.record;

function merge_three:
    input r0 as coin.record;
    input r1 as coin.record;
    input r2 as coin.record;
    input r3 as address.private;
    add r0.amount r1.amount into r4;
    add r4 r2.amount into r5;
    cast r3 r5 into r6 as coin.record;
    output r6 as coin.record;

function split_four:
    input r0 as coin.record;
    input r1 as address.private;
    div r0.amount 4u64 into r2;
    mul r2 3u64 into r3;
    sub r0.amount r3 into r4;
    cast r1 r2 into r5 as coin.record;
    cast r1 r2 into r6 as coin.record;
    cast r1 r2 into r7 as coin.record;
    cast r1 r4 into r8 as coin.record;
    output r5 as coin.record;
    output r6 as coin.record;
    output r7 as coin.record;
    output r8 as coin.record;
`;
