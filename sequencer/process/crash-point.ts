/**
 * Named places where a fault test kills the process: SIGKILL, as a power cut would. Nothing happens unless the
 * environment variable AZALEA_CRASH_POINT names the place, as `name` or `name:n` for its n-th visit.
 */
export const CRASH_POINTS = [
  'start.identity-stored',
  'submit.validated',
  'submit.stored',
  'builder.selected',
  'builder.candidate-stored',
  'prover.witness-built',
  'prover.chunk-proven',
  'prover.chunk-stored',
  'prover.all-stored',
  'publisher.block-encoded',
  'publisher.simulated',
  'publisher.signed',
  'publisher.attempt-stored',
  'publisher.sent',
  'publisher.replacement-signed',
  'publisher.replacement-stored',
  'publisher.replacement-sent',
  'publisher.receipt-seen',
  'follower.head-read',
  'follower.events-read',
  'follower.deposits-stored',
  'follower.block-decoded',
  'follower.block-inserted',
  'follower.block-stored',
  'follower.cursor-stored',
  'rollback.ancestor-found',
  'rollback.block-undone',
  'rollback.stored',
  'maintenance.dropped',
  'stop.requested',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

const visits = new Map<string, number>();

export function crashPoint(name: CrashPoint): void {
  const wanted = process.env.AZALEA_CRASH_POINT;
  if (wanted === undefined || wanted === '') return;
  const [wantedName, nth] = wanted.split(':');
  if (wantedName !== name) return;
  const visit = (visits.get(name) ?? 0) + 1;
  visits.set(name, visit);
  if (visit === Number(nth ?? 1)) process.kill(process.pid, 'SIGKILL');
}
