/**
 * What the daemon says of itself: a few lines on stderr, by pino, written at once so that a crash loses none.
 *
 * For people at a terminal as plain sentences; otherwise (journal, container, pipe) as JSON lines. What clients ask is
 * the query log, elsewhere.
 */

import { writeSync } from 'node:fs';
import { pino, type DestinationStream, type Level, type Logger } from 'pino';
import { printable } from '../observe/printable.ts';
import { timeToText } from '../observe/time-text.ts';

export type OperationalLog = Logger;

const STDERR = 2;

export function createOperationalLog(level: Level, isTerminal: boolean, wallMs: () => number): OperationalLog {
  const destination: DestinationStream = isTerminal ? sentences() : pino.destination({ fd: STDERR, sync: true });
  const timestamp = (): string => `,"time":"${timeToText(wallMs())}"`;
  return pino({ level, base: null, timestamp }, destination);
}

/** `warn: the query log is off (why: no space left)`: the message, then what belongs to it. */
function sentences(): DestinationStream {
  return {
    write(line) {
      const { level, time: _time, msg, ...rest } = JSON.parse(line) as Record<string, unknown>;
      const label = pino.levels.labels[Number(level)] ?? '';
      const prefix = label === 'info' ? '' : `${label}: `;
      const details = Object.entries(rest).map(([key, value]) => `${key}: ${text(value)}`);
      const tail = details.length > 0 ? ` (${details.join(', ')})` : '';
      // A terminal that is gone (EIO, EPIPE) is no reason to stop answering.
      try {
        writeSync(STDERR, `${prefix}${printable(text(msg))}${printable(tail)}\n`);
      } catch {
        return;
      }
    },
  };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
