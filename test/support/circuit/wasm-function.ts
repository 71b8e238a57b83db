/** Runs single WebAssembly function bodies, as prover/wasm/code.ts writes them. */

/** An instance with the body as `run`, of `parameters` parameters (addresses), and one page of memory. */
export function wasmFunction(
  body: Uint8Array,
  parameters: number,
): { readonly run: (...addresses: number[]) => void; readonly memory: DataView } {
  const section = (id: number, content: readonly number[]): number[] => [
    id,
    ...unsigned(content.length),
    ...content,
  ];
  const i32 = 0x7f;
  const bytes = Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, parameters, ...Array<number>(parameters).fill(i32), 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, 3, 0x72, 0x75, 0x6e, 0, 0, 3, 0x6d, 0x65, 0x6d, 2, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const { run, mem } = exports as { run: (...addresses: number[]) => void; mem: WebAssembly.Memory };
  return { run, memory: new DataView(mem.buffer) };
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}
