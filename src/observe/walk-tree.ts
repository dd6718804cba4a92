/**
 * A walk as a tree for people: zone by zone the servers that were asked, what was asked, what each said and how long
 * it took. Walks for the names of servers are indented below the zone that needed them.
 *
 * Pure. Names pass through `nameToText` and every other text through `printable`, so no octet of a stranger reaches a
 * terminal as a control character. The failure as one sentence is explain.ts.
 */

import { nameToText, type Name } from '../dns/name.ts';
import { Type, typeToText } from '../dns/record-type.ts';
import type { ExchangeEvent, ExchangeResult, WalkEvent, WalkRecord } from '../query/walk-event.ts';
import { describeServer, explainFailure, failureAtTheEnd, isUseful } from './explain.ts';
import { createPaint, type Paint } from './paint.ts';
import { printable } from './printable.ts';
import { spanToText } from './time-text.ts';

export type WalkTreeOptions = { readonly colours: boolean };

type Node = { text: string; readonly children: Node[] };
/** What a walk at one depth is doing: its own node, and the zone whose servers it is asking. */
type Level = { readonly node: Node; zone: Name | undefined; zoneNode: Node };

/** Lines, each with its line feed. */
export function walkTree(walk: WalkRecord, options: WalkTreeOptions = { colours: false }): string {
  const paint = createPaint(options.colours);
  const root = createNode(
    `${paint.strong(`${nameToText(walk.qname)} ${typeToText(walk.qtype)}`)} ${paint.faint(totals(walk))}`,
  );
  const levels = createLevels(root, paint);
  // The failure itself is the last line, as a sentence.
  const end = failureAtTheEnd(walk.events);
  for (const event of walk.events) if (event !== end || event.kind !== 'failed') growTree(levels, event, paint);
  const failure = explainFailure(walk);
  if (failure !== undefined) root.children.push(createNode(paint.bad(`failed: ${failure || 'no reason was given'}`)));
  return drawNode(root, '', '');
}

function totals({ exchanges, networkMs }: WalkRecord): string {
  return `(${exchanges} ${exchanges === 1 ? 'exchange' : 'exchanges'}, ${spanToText(networkMs)} waiting for servers)`;
}

type Levels = { at(depth: number): Level; endDeeperThan(depth: number): void };

/** One level for each depth; a walk for a server's name begins below the zone that needs it. */
function createLevels(root: Node, paint: Paint): Levels {
  const levels: Level[] = [{ node: root, zone: undefined, zoneNode: root }];
  return {
    at(depth) {
      while (levels.length <= depth) {
        const above = levels[levels.length - 1];
        const node = createNode(paint.faint(FOR_ADDRESSES));
        above.zoneNode.children.push(node);
        levels.push({ node, zone: undefined, zoneNode: node });
      }
      return levels[depth];
    },
    endDeeperThan(depth) {
      levels.length = Math.min(levels.length, depth + 1);
    },
  };
}

function growTree(levels: Levels, event: WalkEvent, paint: Paint): void {
  const level = levels.at(Math.max(0, event.depth));
  const leaf = (text: string): void => void level.zoneNode.children.push(createNode(text));
  switch (event.kind) {
    case 'start':
      // Once more from where it is already: after a bogus answer, other servers of the zone are asked.
      if (level.zone === event.zone) return;
      return openZone(level, event.zone, ` ${paint.faint(origin[event.from])}`);
    case 'exchange':
      // A walk for a server's name may still be going on deeper: only a new exchange up here ends its branch.
      levels.endDeeperThan(event.depth);
      if (event.depth > 0 && isAboutKeys(event)) level.node.text = paint.faint(FOR_KEYS);
      if (level.zone !== event.zone) openZone(level, event.zone, '');
      return leaf(describeExchange(event, paint));
    case 'referral':
      return openZone(level, event.zone, ` ${paint.faint(described(event.servers, event.glue))}`);
    case 'server-lame':
      return; // its exchange says so already
    case 'alias':
      // What comes now stands behind it, also where it is of the same zone.
      level.zone = undefined;
      return void level.node.children.push(
        createNode(`${nameToText(event.owner)} is an alias (${event.type}) of ${nameToText(event.target)}`),
      );
    case 'server-name':
      return leaf(
        `${nameToText(event.name)} ${event.addresses.length === 0 ? paint.bad('has no address') : `is at ${printable(event.addresses.join(', '))}`}`,
      );
    case 'record-refused':
      return leaf(
        paint.doubtful(
          `not believed from ${printable(event.server)}: ${nameToText(event.owner)} ${typeToText(event.type)} (${printable(event.why)})`,
        ),
      );
    case 'cache':
      return leaf(`${nameToText(event.qname)} ${typeToText(event.qtype)}: ${found[event.found]}`);
    case 'validated':
      return leaf(describeValidated(event, paint));
    case 'dependency-loop':
      return leaf(paint.bad(`${nameToText(event.name)} can only be found by asking that server itself`));
    case 'budget-spent':
      return leaf(paint.bad(`work budget spent: ${printable(event.bound)}, ${event.limit}`));
    case 'failed':
      return leaf(paint.bad(`failed: ${printable(event.why)}`));
    default:
      return event satisfies never;
  }
}

/** What a walk below a walk is for. */
const FOR_ADDRESSES = 'looking for the addresses of servers';
const FOR_KEYS = 'looking for the keys of zones';

function isAboutKeys({ qtype }: ExchangeEvent): boolean {
  return qtype === Type.DNSKEY || qtype === Type.DS;
}

function described(servers: number, withAddresses: number): string {
  return `(${servers} ${servers === 1 ? 'server' : 'servers'}, ${withAddresses} with addresses)`;
}

const origin = {
  hints: '(from the root hints)',
  cache: '(known from the cache)',
  stub: '(stub zone)',
  forward: '(forwarded)',
} as const;

const found = {
  rrset: 'found in the cache',
  denial: 'denied by the cache',
  failure: 'failed a moment ago',
} as const;

function describeValidated({ owner, type, state, why }: WalkEvent & { kind: 'validated' }, paint: Paint): string {
  const tone = { secure: paint.good, insecure: paint.faint, indeterminate: paint.doubtful, bogus: paint.bad }[state];
  return `${nameToText(owner)} ${typeToText(type)} is ${tone(state)}${why === '' ? '' : `: ${printable(why)}`}`;
}

function openZone(level: Level, zone: Name, note: string): void {
  level.zone = zone;
  level.zoneNode = createNode(`${nameToText(zone)}${note}`);
  level.node.children.push(level.zoneNode);
}

function describeExchange(event: ExchangeEvent, paint: Paint): string {
  const question = `${nameToText(event.qname)} ${typeToText(event.qtype)}`;
  const server = describeServer(event.serverName, event.server);
  const said = toneOf(event.result, paint)(describeResult(event));
  const because = event.because === undefined ? '' : paint.faint(` (${printable(event.because)})`);
  return `${server} ${event.transport}${because}: ${question} → ${said} ${paint.faint(spanToText(event.roundTripMs))}`;
}

/** `referral to example.`, `lame: upward referral to .` */
function describeResult({ result, detail }: ExchangeEvent): string {
  if (detail === '') return result;
  return `${result}${detail.startsWith('to ') ? '' : ':'} ${printable(detail)}`;
}

function toneOf(result: ExchangeResult, paint: Paint): (text: string) => string {
  if (isUseful(result)) return paint.good;
  return result === 'cancelled' ? paint.faint : paint.bad;
}

function createNode(text: string): Node {
  return { text, children: [] };
}

function drawNode(node: Node, first: string, rest: string): string {
  let drawn = `${first}${node.text}\n`;
  node.children.forEach((child, i) => {
    const isLast = i === node.children.length - 1;
    drawn += drawNode(child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`);
  });
  return drawn;
}
