import { AzaleaError } from '../../protocol/errors.ts';

/** The error for submissions while the sequencer shuts down. */
export const stopping = (): AzaleaError =>
  new AzaleaError('SEQUENCER_STOPPING', 'The sequencer is shutting down; send it again after its restart');
