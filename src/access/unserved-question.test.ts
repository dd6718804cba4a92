import { expect, test } from 'vitest';
import { clientQuery } from '../../test/support/client-query.ts';
import { Class, rcodeToText } from '../dns/record-type.ts';
import { answerUnserved } from './unserved-question.ts';

async function outcome(qtype: string | number, qclass: number): Promise<string> {
  const result = await answerUnserved(clientQuery({ qtype, qclass }));
  if (result.kind !== 'reply') return result.kind;
  const { rcode, errors } = result.reply;
  return `${rcodeToText(rcode)}, ${errors.map(({ code, text }) => `EDE ${code}: ${text}`).join()}`;
}

test.each<[string | number, number, string]>([
  ['A', Class.IN, 'pass'],
  ['TYPE65280', Class.IN, 'pass'],
  ['ANY', Class.IN, 'pass'],
  ['TXT', Class.CH, 'pass'],
  ['A', Class.HS, 'REFUSED, EDE 21: class HS is not served'],
  ['A', Class.ANY, 'REFUSED, EDE 21: class ANY is not served'],
  ['A', Class.NONE, 'REFUSED, EDE 21: class NONE is not served'],
  ['A', 0, 'REFUSED, EDE 21: class CLASS0 is not served'],
  ['AXFR', Class.IN, 'REFUSED, EDE 21: a resolver has no zones to transfer'],
  ['IXFR', Class.IN, 'REFUSED, EDE 21: a resolver has no zones to transfer'],
  ['AXFR', Class.CH, 'REFUSED, EDE 21: a resolver has no zones to transfer'],
  [128, Class.IN, 'FORMERR, EDE 30: type NXNAME cannot be asked for'],
  ['MAILA', Class.IN, 'NOTIMP, EDE 30: type MAILA cannot be asked for'],
  ['MAILB', Class.IN, 'NOTIMP, EDE 30: type MAILB cannot be asked for'],
  ['OPT', Class.IN, 'NOTIMP, EDE 30: type OPT cannot be asked for'],
  ['TSIG', Class.IN, 'NOTIMP, EDE 30: type TSIG cannot be asked for'],
  ['TKEY', Class.IN, 'NOTIMP, EDE 30: type TKEY cannot be asked for'],
  [0, Class.IN, 'NOTIMP, EDE 30: type TYPE0 cannot be asked for'],
  [200, Class.IN, 'NOTIMP, EDE 30: type TYPE200 cannot be asked for'],
])('type %s of class %s: %s', async (qtype, qclass, expected) => {
  expect(await outcome(qtype, qclass)).toBe(expected);
});
