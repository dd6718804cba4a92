/**
 * Each name of the demo ends as the list says. The walk here is the plainest that can be (servers in order, no cache, a
 * second try, then one without EDNS) and shares nothing with the resolver's own, so that the plan is checked by itself.
 */

import { describe, expect, test } from 'vitest';

import { queryFor, readResponse, type ResponseText } from '../../test/support/messages.ts';
import { isAtOrBelow, isBelow, name, type Name } from '../dns/name.ts';
import { demoNames, demoPlan } from './demo-plan.ts';
import { planInternet } from './internet.ts';
import type { LabServer } from './lab-server.ts';

const internet = planInternet(demoPlan);
const hosts = new Map(internet.hosts.map(({ address, server }) => [address, server]));
const roots = internet.hints.flatMap(({ addresses }) => addresses);
const MAX_DEPTH = 12;

test.each(demoNames.map(({ question, ends, shows }) => [question, ends, shows] as const))(
  '%s ends with %s: %s',
  (question, ends) => expect(walk(question, 0)?.kind ?? 'failure').toBe(ends === 'bogus' ? 'answer' : ends),
);

describe('the demo internet', () => {
  test('is on loopback addresses of its own', () => {
    for (const { address } of internet.hosts) expect(address).toMatch(/^127\.53\.[0-3]\.[0-9]+$/);
  });
  test('has a server at every address that a delegation or a misbehaviour speaks of', () => {
    for (const address of Object.keys(demoPlan.servers!)) expect(hosts.get(address)).toBeDefined();
    expect(roots).toHaveLength(3);
  });
});

type Ending = { kind: 'answer' | 'nxdomain' | 'nodata'; lines: string[] };

/** Undefined when it cannot be answered. */
function walk(question: string, depth: number): Ending | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const [qname, qtype] = question.split(' ');
  let zone = name('.');
  let servers = roots;
  for (;;) {
    const response = askAny(servers, question, zone);
    if (response === undefined) return undefined;
    const cut = referralFrom(response);
    if (cut === undefined) return conclude(response, qname, qtype, depth);
    zone = cut;
    servers = addressesFrom(response, depth);
  }
}

function askAny(servers: readonly string[], question: string, zone: Name): ResponseText | undefined {
  for (const address of servers) {
    const response = askOne(hosts.get(address)!, question);
    if (response === undefined || !['NOERROR', 'NXDOMAIN'].includes(response.rcode)) continue;
    const cut = referralFrom(response);
    if (cut === undefined || isBelow(cut, zone)) return response;
  }
  return undefined;
}

function askOne(server: LabServer, question: string): ResponseText | undefined {
  for (const payloadSize of [1232, 1232, 0]) {
    const { messages } = server.react(queryFor(question, { payloadSize }), 'udp');
    const response = messages.length === 0 ? undefined : readResponse(messages[0].octets);
    if (response === undefined || response.rcode === 'FORMERR') continue;
    if (!response.flags.includes('TC')) return response;
    return readResponse(server.react(queryFor(question, { payloadSize }), 'tcp').messages[0].octets);
  }
  return undefined;
}

function referralFrom({ answer, authority }: ResponseText): Name | undefined {
  const ns = authority.find((line) => line.split(' ')[2] === 'NS');
  return answer.length > 0 || ns === undefined ? undefined : name(ns.split(' ')[0]);
}

function addressesFrom({ authority, additional }: ResponseText, depth: number): string[] {
  return authority
    .filter((line) => line.split(' ')[2] === 'NS')
    .flatMap((line) => {
      const server = line.split(' ')[3];
      const glue = additional.filter((record) => record.startsWith(`${server} `) && record.split(' ')[2] === 'A');
      const lines = glue.length > 0 ? glue : (walk(`${server} A`, depth + 1)?.lines ?? []);
      return lines.map((record) => record.split(' ')[3]);
    });
}

function conclude(response: ResponseText, qname: string, qtype: string, depth: number): Ending | undefined {
  const lines = response.answer.filter((line) => line.split(' ')[2] === qtype);
  if (lines.length > 0) return { kind: 'answer', lines };
  const aliases = new Map(
    response.answer
      .filter((line) => line.split(' ')[2] === 'CNAME')
      .map((line) => [line.split(' ')[0], line.split(' ')[3]]),
  );
  let target = qname;
  for (let hops = 0; aliases.has(target); hops++) {
    if (hops > MAX_DEPTH) return undefined;
    target = aliases.get(target)!;
  }
  if (target !== qname) return walk(`${target} ${qtype}`, depth + 1);
  if (!response.authority.some((line) => isAtOrBelow(name(qname), name(line.split(' ')[0])))) return undefined;
  return { kind: response.rcode === 'NXDOMAIN' ? 'nxdomain' : 'nodata', lines: [] };
}
