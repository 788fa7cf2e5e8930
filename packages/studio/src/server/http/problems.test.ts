import { UserError } from 'microaction';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checked, problemResponse } from './problems.ts';
import { Refusal } from './refusal.ts';

async function answered(error: unknown) {
  const lines: string[] = [];
  const response = problemResponse(error, { log: (line) => lines.push(line) }, 'POST /x');
  return {
    status: response.status,
    headers: response.headers,
    ...(await response.json()).error,
    log: lines.join('\n'),
  };
}

describe('what is thrown', () => {
  it('on purpose is told as it is', async () => {
    expect(await answered(new Refusal(409, 'conflict', 'Somebody else.', [1]))).toMatchObject({
      status: 409,
      code: 'conflict',
      message: 'Somebody else.',
      details: [1],
      log: '',
    });
    expect(await answered(new UserError('bad-file', 'No video.'))).toMatchObject({ status: 422, code: 'bad-file' });
  });

  it('with a time to wait says so in the header', async () => {
    const { headers } = await answered(new Refusal(429, 'too-many-guesses', 'Wait.', undefined, 7));
    expect(headers.get('Retry-After')).toBe('7');
  });

  it.each([
    Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 }),
    Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }),
  ])('because of a full disk says what to do: %s', async (error) => {
    expect(await answered(error)).toMatchObject({ status: 507, code: 'disk-full', message: /Free some space/ });
  });

  it.each([
    [5, 'database-busy'],
    [11, 'damaged-database'],
    [267, 'damaged-database'],
    [10, 'disk-failed'],
  ])('by the database is told in its words, as something that is not of the request: %d', async (errcode, code) => {
    const error = Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode });
    const told = await answered(error);
    expect(told).toMatchObject({ status: 503, code });
    expect(told.log).toBe(`POST /x failed: ${told.message}`);
  });

  it('by a mistake of ours goes to the terminal, not to the client', async () => {
    const { status, code, message, log } = await answered(new Error('secret table x'));
    expect([status, code]).toEqual([500, 'bug']);
    expect(message).not.toContain('secret');
    expect(log).toMatch(/POST \/x failed: Error: secret table x\n +at /);
    expect(await answered('no error at all')).toMatchObject({ status: 500, log: /no error at all/ });
  });
});

describe('a request that does not fit its schema', () => {
  const schema = z.object({
    changes: z.array(z.object({ base: z.int().min(0), kind: z.enum(['a', 'b']).optional() })).max(2),
    password: z.string().min(10).optional(),
  });
  const told = (value: unknown) => {
    try {
      checked(schema, value, 'body');
    } catch (error) {
      return (error as Refusal).message;
    }
    return 'fits';
  };

  it.each([
    [{ changes: [{ base: 'one' }] }, 'field changes[0].base: found a text of 3 characters, expected number'],
    [{ changes: [{ base: 1.5 }] }, 'field changes[0].base: found 1.5, expected int'],
    [{ changes: [{ base: -1 }] }, 'field changes[0].base: found -1, expected at least 0'],
    [{ changes: [{ base: 0, kind: 'c' }] }, 'field changes[0].kind: found "c", expected a, b'],
    [
      { changes: [{ base: 0 }, { base: 0 }, { base: 0 }] },
      'field changes: found a list of 3, expected at most 2 entries',
    ],
    [{}, 'field changes: found nothing, expected array'],
    [[], 'does not fit: found a list of 0, expected object'],
    [null, 'does not fit: found null, expected object'],
  ])('is told the field, what was found and what was expected: %j', (value, sentence) => {
    expect(told(value)).toContain(sentence);
  });

  it('is not told its password', () => {
    const message = told({ changes: [], password: 'hunter2' });
    expect(message).toContain('field password: found a text of 7 characters, expected at least 10 characters');
    expect(message).not.toContain('hunter2');
  });

  it('is told how many more do not fit', () => {
    expect(told({ changes: 1, password: 2 })).toContain('(and 1 more). Nothing was changed.');
  });
});
