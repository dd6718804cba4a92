import { describe, expect, test } from 'vitest';
import { queryOctets } from '../../../test/support/client-query.ts';
import { readOptions } from '../edns.ts';
import { readExtendedError } from '../extended-error.ts';
import { Rcode } from '../record-type.ts';
import { errorReply } from './error-reply.ts';
import { readMessage, type MessageView } from './message-view.ts';

const reason = { code: 21, text: 'not here' };

function view(octets: Uint8Array): MessageView {
  const read = readMessage(octets);
  if (!('questionCount' in read)) throw new TypeError(read.why);
  return read;
}

describe('the reason is sent as far as there is room', () => {
  const query = queryOctets({ edns: {} });
  // code and length 4, the error's code 2, its text 8
  test.each([
    [query.length, undefined],
    [query.length + 5, undefined],
    [query.length + 6, { code: 21, text: '' }],
    [query.length + 13, { code: 21, text: '' }],
    [query.length + 14, reason],
  ])('in %d octets', (limit, sent) => {
    const reply = errorReply(query, view(query), Rcode.REFUSED, reason, limit);
    expect(reply.length).toBeLessThanOrEqual(limit);
    const [option] = readOptions(view(reply).opt()!.options)!;
    expect(option && readExtendedError(option.data)).toEqual(sent);
  });
});

test('a query without OPT gets the question back and nothing else, whatever room there is', () => {
  const query = queryOctets();
  const reply = errorReply(query, view(query), Rcode.REFUSED, reason, 65535);
  expect(reply.length).toBe(query.length);
  expect(reply.subarray(4)).toEqual(query.subarray(4));
  expect(view(reply)).toMatchObject({ isResponse: true, rcode: Rcode.REFUSED, recursionAvailable: true });
});

test('what could not be read gets the header alone', () => {
  const query = queryOctets().subarray(0, 20);
  const reply = errorReply(query, undefined, Rcode.FORMERR, reason, 65535);
  expect(view(reply)).toMatchObject({
    id: 0x1234,
    rcode: Rcode.FORMERR,
    questionCount: 0,
    recordCount: 0,
    trailing: 0,
  });
});

test('the opcode of another kind of message is repeated, and its other bits are not', () => {
  const query = queryOctets({ flags: 0x2fff & ~0x8000 });
  const reply = errorReply(query, undefined, Rcode.NOTIMP, reason, query.length);
  expect(view(reply).flags).toBe(0x8000 | 0x2800 | Rcode.NOTIMP);
});
