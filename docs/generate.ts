/**
 * Writes what is made from the code: `npm run docs`. test/habits/generated-files.test.ts tells when it was forgotten.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage, exampleFile, jsonSchema } from '../src/config/reference.ts';
import { commands } from '../src/cli/run-command.ts';
import { packageDirectory } from '../src/system/package-directory.ts';

/** Each file that is written, by its path in the repository. */
export async function generatedFiles(): Promise<Readonly<Record<string, string>>> {
  return {
    'docs/commands.md': await commandsPage(),
    'docs/configuration.md': configurationPage(),
    'config/rootwalk.yaml': exampleFile(),
    'config/rootwalk.schema.json': `${JSON.stringify(jsonSchema(), null, 2)}\n`,
  };
}

/** What `rootwalk help COMMAND` prints, for all of them. */
async function commandsPage(): Promise<string> {
  const loaded = await Promise.all(Object.values(commands).map((load) => load()));
  const sections = loaded.map(({ command }) => {
    return `## rootwalk ${command.name}\n\n${command.summary}.\n\n\`\`\`\n${command.usage.trim()}\n\`\`\`\n`;
  });
  return `<!-- Written by \`npm run docs\` from src/cli/*.ts; change it there. -->

# The commands

\`rootwalk help COMMAND\` prints the same. In a checkout, \`npm run -s rootwalk --\` stands for \`rootwalk\`. Every command exits
with 0 when it has done what it was asked to, 1 when it could not, 2 when it was called wrongly.

${sections.join('\n')}`;
}

if (import.meta.main) {
  for (const [path, text] of Object.entries(await generatedFiles())) writeFileSync(join(packageDirectory, path), text);
}
