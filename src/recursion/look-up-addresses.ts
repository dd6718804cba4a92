/**
 * The addresses of a server's name, for a walk that needs them: known ones, or found out one level deeper at the
 * expense of the same budget.
 */

import { addressToText } from '../dns/address.ts';
import type { Name } from '../dns/name.ts';
import { Type } from '../dns/record-type.ts';
import { rdataOf } from '../dns/rrset.ts';
import type { AddressFamilies } from '../iterate/address-family.ts';
import type { LookUpAddresses, Task } from '../iterate/task.ts';
import { createChain } from './chain.ts';
import type { FindOut } from './find-out.ts';
import type { End } from './step.ts';

export function createLookUpAddresses(families: AddressFamilies, { known, findOut }: FindOut): LookUpAddresses {
  return async function lookUpAddresses(name, task) {
    const limit = task.budget.limits.depth;
    if (task.depth >= limit) {
      task.record.note({ kind: 'budget-spent', bound: 'depth', limit });
      task.budget.countFruitless(1);
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
    const chain = createChain(name, task.budget.limits.aliases);
    for (;;) {
      const held = known(chain.sname, qtype);
      const end = chain.add(held ?? (await findOut(chain.sname, qtype, task)).step);
      if (end === undefined) continue;
      if (held === undefined && (end.kind === 'nodata' || end.kind === 'nxdomain')) task.budget.countFruitless(1);
      return end;
    }
  }

  /** IPv4 first, as it reaches nearly everywhere; a family that is out of use is not even looked up. */
  function addressTypes(): number[] {
    const types = families.isInUse(4) ? [Type.A as number] : [];
    return families.isInUse(6) ? [...types, Type.AAAA] : types;
  }
}

function addressesIn({ sets }: End & { kind: 'answer' }, qtype: number): readonly string[] {
  const set = sets.findLast(({ type }) => type === qtype);
  return set === undefined ? [] : rdataOf(set).map(addressToText);
}
