/** A stage of the pipeline looks at a query and answers it, drops it, or lets it pass to the next. */

import type { ClientQuery, DropReason } from './client-query.ts';
import type { Reply } from './reply.ts';

export type StageResult =
  | { readonly kind: 'pass' }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'drop'; readonly reason: DropReason };

export type Stage = (query: ClientQuery) => StageResult | Promise<StageResult>;

export const PASS: StageResult = { kind: 'pass' };
