/**
 * The addresses of a server's name, for a walk that needs them: known ones, or found out one level deeper at the
 * expense of the same budget.
 */

import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import type { AddressFamilies } from '../iterate/address-family.ts';
import { addressesOf } from '../iterate/servers.ts';
import type { LookUpAddresses, Task } from '../iterate/task.ts';
import { Chain } from './chain.ts';
import type { FindOut } from './find-out.ts';
import type { End, Step } from './step.ts';

export function createLookUpAddresses(families: AddressFamilies, { known, findOut }: FindOut): LookUpAddresses {
  return async function lookUpAddresses(name, task) {
    const limit = task.budget.limits.depth;
    if (task.depth >= limit) {
      task.record.note({ kind: 'budget-spent', bound: 'depth', limit });
      // Nobody honest is that deep, and whoever has led there has prepared more of it.
      task.budget.countFruitless(task.budget.limits.unresolvableServerNames);
      return [];
    }
    const { avoid: _, ...rest } = task;
    const below: Task = { ...rest, record: task.record.branch(), depth: task.depth + 1, isForServerName: true };
    let addresses: readonly string[] = [];
    for (const qtype of addressTypes()) {
      const end = await endOf(name, qtype, below);
      if (end.kind === 'answer') addresses = addressesIn(end, qtype);
      // Only where there is no such record can there be one of the other family: failures and NXDOMAIN are of the name.
      if (end.kind !== 'nodata') break;
    }
    task.record.include(below.record, 1);
    task.record.note({ kind: 'server-name', name, addresses });
    return addresses;
  };

  async function endOf(name: Name, qtype: number, task: Task): Promise<End> {
    const chain = new Chain(name, task.budget.limits.aliases);
    for (;;) {
      const held = known(chain.sname, qtype);
      const end = chain.add(held ?? (await findOutFor(chain.sname, qtype, task)));
      if (end !== undefined) return end;
    }
  }

  /** What comes to nothing counts; where another walk has paid for it, the time that was waited. */
  async function findOutFor(name: Name, qtype: number, task: Task): Promise<Step> {
    const { budget } = task;
    const remainingMs = budget.remainingMs();
    const { step } = await findOut(name, qtype, task);
    if (step.kind === 'nodata' || step.kind === 'nxdomain') budget.countFruitless(1);
    if (step.kind === 'failed') budget.countVainMs(remainingMs - budget.remainingMs());
    return step;
  }

  /** IPv4 first, as it reaches nearly everywhere; a family that is out of use is not even looked up. */
  function addressTypes(): number[] {
    const types = families.isInUse(4) ? [Type.A as number] : [];
    return families.isInUse(6) ? [...types, Type.AAAA] : types;
  }
}

function addressesIn({ sets }: End & { kind: 'answer' }, qtype: number): readonly string[] {
  const set = sets.findLast(({ type }) => type === qtype);
  return set === undefined ? [] : addressesOf([set]);
}
