/**
 * Stops on a Node that is too old, with one sentence instead of a syntax error.
 *
 * Plain old JavaScript, so that any Node can read it: the package scripts load it before the sources (`--import`), and
 * main.ts imports it before anything else. npm leaves out an optional package that it cannot install without a word,
 * and then `npm start` runs by the Node of the system; that is when this is read.
 */

const floor = [24, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < floor[0] || (major === floor[0] && minor < floor[1])) {
  // Built into dist it is an installed package, which has no scripts that would use another Node.
  const remedy = import.meta.url.includes('/dist/')
    ? 'install Node 26 (https://nodejs.org) where PATH finds it first.'
    : 'run `npm ci` (without --omit=optional), which installs the right one, ' +
      'then `npm start` or `npm run rootwalk -- COMMAND`, which use it.';
  process.stderr.write(
    `rootwalk needs Node ${floor.join('.')} or newer, and this is ${process.versions.node}: ${remedy}\n`,
  );
  process.exit(1);
}
