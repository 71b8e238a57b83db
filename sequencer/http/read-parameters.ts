/** Checks requests against their schemas. Path and query texts are read strictly: only decimal digits are a number. */
import { Kind, type TObject, type TSchema } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { AzaleaError } from '../../protocol/errors.ts';

/** No sign, no exponent, no fraction, no leading zero: `1e400`, `true`, `3.9` and `01` are no numbers here. */
const DECIMAL = /^(?:0|[1-9][0-9]{0,15})$/;

/**
 * Returns a validator for Fastify. It answers with the value, or with an AzaleaError REQUEST_INVALID that names the field.
 * @param texts the values are texts of a path or a query; body fields are taken as they are
 */
export function requestValidator(
  schema: TSchema,
  texts: boolean,
): (given: unknown) => { value: unknown } | { error: Error } {
  const check = TypeCompiler.Compile(schema);
  return (given) => {
    const value = texts ? readTexts(schema as TObject, given) : given;
    if (check.Check(value)) return { value };
    const first = check.Errors(value).First();
    const field = first?.path === undefined || first.path === '' ? 'the request' : first.path;
    return {
      error: new AzaleaError(
        'REQUEST_INVALID',
        `${field}: ${first?.message ?? 'wrong form'}; see /openapi.json`,
        { field },
      ),
    };
  };
}

function readTexts(schema: TObject, given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given).map(([name, text]) => {
      const kind = Object.hasOwn(schema.properties, name) ? schema.properties[name]?.[Kind] : undefined;
      return [
        name,
        kind === 'Integer' && typeof text === 'string' && DECIMAL.test(text) ? Number(text) : text,
      ];
    }),
  );
}
