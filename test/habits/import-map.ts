/**
 * Which room may import which. Imports point one way: where an arrow would turn back, a function is passed instead.
 *
 * A room is a folder of src, or a file that stands in src itself (`pipeline` is src/pipeline.ts).
 */

/** What every room may import; these import nothing but what stands before them in the list. */
export const ground = ['system', 'dns', 'query'] as const;

/** The same as in docs/architecture.md, which a test holds against it. A room that is not named imports only the ground. */
export const importMap: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  cli: ['config', 'daemon', 'observe', 'lab', 'exchange', 'iterate', 'recursion', 'pipeline', 'validate'],
  // Builds the rooms from the configuration, so it knows them all.
  daemon: [
    'config',
    'listen',
    'access',
    'local',
    'cache',
    'exchange',
    'iterate',
    'recursion',
    'respond',
    'observe',
    'pipeline',
    'validate',
  ],
  // Takes the readers of values that rooms export; no room imports it back.
  config: ['access', 'iterate', 'local'],
  pipeline: ['access', 'listen', 'recursion', 'respond'],
  recursion: ['cache', 'iterate', 'validate'],
  iterate: ['cache', 'exchange'],
  lab: ['exchange'],
};
