/** Printing of texts from outside. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createOutput, toJson } from '../../../cli/terminal/output.ts';
import { errorText } from '../../../program/diagnostics/error-text.ts';
import { AzaleaError } from '../../../protocol/errors.ts';
import { printable, printableJson, printableLines } from '../../../protocol/printable.ts';

/** Clears the screen, sets the title, moves the cursor, C1 forms of both, hides the direction, deletes. */
const HOSTILE = 'a\u001b[2Jb\u001b]0;title\u0007c\rd\u009b2Je\u202ef\u2066g\u0008h\u007fi\u0000j';
const STEERING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

test('no text leaves a character that steers a terminal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(printable(text), STEERING);
      assert.doesNotMatch(printableLines(text).replace(/[\n\t]/g, ''), STEERING);
      assert.doesNotMatch(printableJson(JSON.stringify(text)), STEERING);
      assert.equal(JSON.parse(printableJson(JSON.stringify(text))), text);
    }),
  );
  assert.equal(printable('Zoë pays 5 €\n  to 北京'), 'Zoë pays 5 € to 北京');
  assert.equal(printableLines('one\r\n\ttwo\r'), 'one\n\ttwo\ufffd');
});

test('errors, results and notices of the command line are printed so', () => {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const streams = { out: stream, err: stream };
  written.push(errorText(new AzaleaError('NULLIFIER_SPENT', `It is spent. ${HOSTILE}\nOK: paid`)));
  createOutput(false, streams).result(undefined, [HOSTILE]);
  createOutput(true, streams).result({ message: HOSTILE }, []);
  createOutput(false, streams).notice(HOSTILE);
  assert.equal(written.length, 4);
  for (const text of written) assert.doesNotMatch(text.replace(/\n$/, ''), STEERING);
  assert.deepEqual(JSON.parse(toJson({ message: HOSTILE })), { message: HOSTILE });
});
