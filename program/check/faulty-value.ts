/**
 * Thrown where a value is read whose type is unknown because of a fault that was reported already: nothing more can be said
 * about what reads it, and nothing has to be reported.
 */
export class FaultyValue extends Error {}
