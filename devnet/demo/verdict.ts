/** The end of the demo: a summary in a few lines, and next steps. */
import { formatEther } from 'viem';
import { layoutWidth, wrap } from '../../host/fit.ts';
import type { BlockCost } from './report.ts';
import { publicMessage } from './report.ts';
import { STEP_TITLES } from './step-names.ts';
import type { StepResult } from './steps.ts';

/** Lists everything that an observer learns from all transactions of the demo. */
export function observerLines(costs: readonly BlockCost[], columns: number | undefined): string[] {
  const all = costs.flatMap(({ transactions }) => transactions);
  const messages = all.flatMap(({ signals }) => publicMessage(signals) ?? []);
  return [
    `What the world sees of ${all.length} transactions:`,
    ...item('hidden: sender, receiver, amount, program, function', columns),
    ...item("public: the size, the time, how stale the wallet's anchor was", columns),
    ...messages.flatMap((message) => item(`public: ${message}`, columns)),
  ];
}

/** Mean costs, in a sentence. */
export function costLines(
  { proofSeconds, gas }: { proofSeconds: number; gas: number },
  columns: number | undefined,
): string[] {
  return wrap(
    `A proof took ${proofSeconds.toFixed(1)} s on this machine; a transaction cost ${gas.toLocaleString('en')} gas on L1.`,
    layoutWidth(columns),
  );
}

/** The last sentences: the summary or the failure, and next steps. */
export function verdict(
  steps: readonly (StepResult & { readonly ended: boolean })[],
  columns: number | undefined,
): string[] {
  const width = layoutWidth(columns);
  const failed = steps.find(({ ok, ended }) => ended && !ok);
  const missing = steps.filter(({ ended }) => !ended).length;
  if (failed !== undefined || missing > 0) {
    const what =
      failed === undefined
        ? `The demo ended before its last ${missing} steps.`
        : `The demo failed at "${STEP_TITLES[failed.name]}".`;
    return wrap(
      `${what} Nothing is claimed about the rest. Run it again, and report a failure that comes back.`,
      width,
    );
  }
  return [
    ...wrap(
      'Shown: money and tokens moved in private and settled on a local Ethereum, every proof real; Bob found his records by reading L1 alone ' +
        `and claimed ${formatEther(10n ** 17n)} ETH there; a double spend, a changed proof and changed public data were refused by the sequencer and by the contract.`,
      width,
    ),
    ...wrap(
      'Next: "npm run devnet", then "npm run example" in another terminal (README.md, "Build on it"). ' +
        'Every public byte: "npm run demo -- --details".',
      width,
    ),
  ];
}

function item(text: string, columns: number | undefined): string[] {
  return wrap(text, layoutWidth(columns) - 4).map((line, k) => `${k === 0 ? '  - ' : '    '}${line}`);
}
