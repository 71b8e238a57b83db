/**
 * Thrown where a value is read whose type is unknown because of a reported fault. Nothing more has to be reported: its
 * readers are not at fault.
 */
export class FaultyValue extends Error {}
