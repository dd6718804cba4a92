/** Whether this machine has the loopback address of IPv6; many containers do not. */

import { networkInterfaces } from 'node:os';

export const hasIpv6: boolean = Object.values(networkInterfaces())
  .flat()
  .some((info) => info?.address === '::1');
