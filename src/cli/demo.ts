/**
 * `rootwalk demo`: a small internet on loopback and the daemon in front of it, without privileges and without network.
 * Shows a few walks, then answers until Ctrl-C, so that one can ask it oneself.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config/schema.ts';
import { defaultConfig } from '../config/settle.ts';
import type { Daemon } from '../daemon/daemon.ts';
import { name, nameToText } from '../dns/name.ts';
import { parseType, typeToText } from '../dns/record-type.ts';
import { createDemoInternet, DEMO_SERVER_PORT } from '../lab/demo-internet.ts';
import { demoNames, type DemoName } from '../lab/demo-plan.ts';
import { wantsColours } from '../observe/paint.ts';
import { systemClock } from '../system/clock.ts';
import { badUsage, ExitCode, readArguments, readPort, type Command, type Io } from './command.ts';
import { formatReply } from './query.ts';
import { runDaemon } from './run-daemon.ts';

const DEFAULT_PORT = 5353;
/** The walks that are shown by themselves. */
const shown = [
  'www.example.com. A',
  'www.example.net. A',
  'shop.example.org. A',
  'www.lame.example.com. A',
  'nothing.example.com. A',
  'www.silent.example.com. A',
];

export const command: Command = {
  name: 'demo',
  summary: 'Run the resolver on a small internet of its own, without network or privileges',
  usage: `
Usage: rootwalk demo [--port PORT] [--server-port PORT]

  --port PORT          where the resolver answers on 127.0.0.1 (${DEFAULT_PORT})
  --server-port PORT   where the servers of the small internet answer on 127.53.0.0/16 (${DEMO_SERVER_PORT})
`,
  run: runDemo,
};

async function runDemo(args: string[], io: Io): Promise<number> {
  const read = readArguments(args, { port: { type: 'string' }, 'server-port': { type: 'string' } });
  if (read.kind === 'bad-usage') return badUsage(io, command, read.why);
  const port = readPort(read.values.port ?? String(DEFAULT_PORT));
  const serverPort = readPort(read.values['server-port'] ?? String(DEMO_SERVER_PORT));
  if (port === undefined || serverPort === undefined)
    return badUsage(io, command, 'a port is a number from 0 to 65535');

  const internet = createDemoInternet({ port: serverPort }, { clock: systemClock });
  const started = await internet.start();
  if (started.kind === 'failed') {
    io.stderr(`rootwalk demo cannot start its servers: ${started.why}\nAnother port may be free: --server-port 5400\n`);
    return ExitCode.failed;
  }
  const directory = mkdtempSync(join(tmpdir(), 'rootwalk-demo-'));
  const clear = (): void => rmSync(directory, { recursive: true, force: true });
  // `rootwalk demo | head`, or a second Ctrl-C: then nothing below is reached.
  process.once('exit', clear);
  try {
    const hints = join(directory, 'demo.root');
    writeFileSync(hints, internet.hintsText);
    const anchors = join(directory, 'demo.ds');
    writeFileSync(anchors, internet.trustAnchors);
    const config = demoConfig({ hints, anchors, port, serverPort, directory });
    return await runDaemon({ config, ready: (daemon, isEnding) => show(daemon, config, io, isEnding) }, io);
  } finally {
    await internet.stop();
    clear();
  }
}

function demoConfig(of: {
  hints: string;
  anchors: string;
  port: number;
  serverPort: number;
  directory: string;
}): Config {
  return defaultConfig({
    listen: { dns: [`127.0.0.1:${of.port}`] },
    roots: { hints: of.hints },
    // The servers of the demo are on loopback, where a real resolver never asks anyone.
    iteration: { serverPort: of.serverPort, ipv6: 'off', doNotQuery: [] },
    // Its root is not the one whose key we have, and will not live to change it.
    dnssec: { validate: true, trustAnchors: of.anchors, rollover: false },
    dataDirectory: of.directory,
    user: '',
    log: { level: 'warn' },
  });
}

async function show(daemon: Daemon, config: Config, io: Io, isEnding: () => boolean): Promise<void> {
  const colours = wantsColours(io.isTerminal, io.env);
  // Else the first walk would show now this and now that, whichever comes first.
  await daemon.primed;
  for (const question of shown) {
    const { qname, qtype } = readQuestion(question);
    const demo = demoNames.find((one) => one.question === question);
    io.stdout(`\n# ${demo?.shows ?? question}\n`);
    const text = `${nameToText(qname)} ${typeToText(qtype)}`;
    const reply = await daemon.ask(qname, qtype);
    if (isEnding()) return;
    io.stdout(formatReply(text, undefined, reply, colours, true));
  }
  io.stdout(invitation(daemon, config));
}

function invitation(daemon: Daemon, { dataDirectory }: Config): string {
  const { port } = daemon.at[0];
  const others = demoNames.filter(({ question }) => !shown.includes(question));
  const width = Math.max(...others.map(({ question }) => question.length)) + 2;
  const list = others.map(({ question, shows }: DemoName) => `  ${question.padEnd(width)}${shows}\n`).join('');
  return `
The resolver answers on 127.0.0.1, port ${port}. Ask it yourself, from another terminal:

  dig @127.0.0.1 -p ${port} www.example.com
  npm run -s rootwalk -- query www.example.net --explain --socket ${join(dataDirectory, 'control.sock')}
  npm run -s rootwalk -- log --directory ${join(dataDirectory, 'log')}

Other names, and what they show:

${list}
Ctrl-C ends it.
`;
}

function readQuestion(question: string): { qname: ReturnType<typeof name>; qtype: number } {
  const [qname, qtype] = question.split(' ');
  return { qname: name(qname), qtype: parseType(qtype) ?? 0 };
}
