/** Writes its states of trust anchors as fast as it can, until it is killed; says so when it has begun. */

import { systemKeptFiles } from '../../src/system/kept-file.ts';
import { writeAnchorFile } from '../../src/validate/anchor-file.ts';
import { anchorsOfLife } from './anchors-of-life.ts';

const path = process.argv[2];
for (let round = 0; ; round++) {
  await systemKeptFiles.replace(path, writeAnchorFile(anchorsOfLife(round)));
  if (round === 3) process.send?.('writing');
}
