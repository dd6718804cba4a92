import { expect, test } from 'vitest';
import { clientQuery } from '../../test/support/client-query.ts';
import { name } from '../dns/name.ts';
import { Class, Type } from '../dns/record-type.ts';
import { firstRdata } from '../dns/rrset.ts';
import { answerAny } from './any-query.ts';

test('ANY gets one HINFO record that says which RFC it is by', async () => {
  const result = await answerAny(clientQuery({ qname: 'www.example.', qtype: 'ANY' }));
  if (result.kind !== 'reply') throw new TypeError(result.kind);
  const { answer, rcode } = result.reply;
  expect(rcode).toBe(0);
  expect(answer).toMatchObject([{ owner: name('www.example.'), type: Type.HINFO, count: 1, ttl: 3600 }]);
  expect(Buffer.from(firstRdata(answer[0])).toString('latin1')).toBe('\x07RFC8482\0');
});

test.each<[string, number]>([
  ['HINFO', Class.IN],
  ['A', Class.IN],
  ['ANY', Class.CH],
])('type %s of class %d is for others to answer', async (qtype, qclass) => {
  expect(await answerAny(clientQuery({ qtype, qclass }))).toEqual({ kind: 'pass' });
});
