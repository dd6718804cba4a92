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

export function createLookUpAddresses(families: AddressFamilies, { known, findOut }: FindOut): LookUpAddresses {
  return async function lookUpAddresses(name, task) {
    const limit = task.budget.limits.depth;
    if (task.depth >= limit) {
      task.record.note({ kind: 'budget-spent', bound: 'depth', limit });
      return [];
    }
    const below: Task = { ...task, record: task.record.branch(), depth: task.depth + 1 };
    let addresses: readonly string[] = [];
    for (const qtype of addressTypes()) {
      addresses = await addressesOfType(name, qtype, below);
      if (addresses.length > 0 || task.budget.spent() !== undefined) break;
    }
    task.record.include(below.record, 1);
    task.record.note({ kind: 'server-name', name, addresses });
    return addresses;
  };

  async function addressesOfType(name: Name, qtype: number, task: Task): Promise<readonly string[]> {
    const chain = createChain(name, task.budget.limits.aliases);
    for (;;) {
      const step = known(chain.sname, qtype) ?? (await findOut(chain.sname, qtype, task)).step;
      const end = chain.add(step);
      if (end === undefined) continue;
      const set = end.kind === 'answer' ? end.sets.findLast(({ type }) => type === qtype) : undefined;
      return set === undefined ? [] : rdataOf(set).map(addressToText);
    }
  }

  /** IPv4 first, as it reaches nearly everywhere; a family that is out of use is not even looked up. */
  function addressTypes(): number[] {
    const types = families.isInUse(4) ? [Type.A as number] : [];
    return families.isInUse(6) ? [...types, Type.AAAA] : types;
  }
}
