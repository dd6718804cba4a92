/**
 * What is written from the schema: the page about the configuration, the example with every key, and the JSON Schema
 * for editors. `npm run docs` writes them to their files; a test holds the files against them.
 */

import { z } from 'zod';
import { stringify } from 'yaml';
import { describeKeys, presetText } from './describe.ts';
import type { KeyDescription } from './describe.ts';
import { factsOf } from './key.ts';
import { configSchema } from './schema.ts';

/** docs/configuration.md */
export function configurationPage(): string {
  const keys = describeKeys();
  const sections = keys.filter(({ isSection }) => isSection);
  const single = keys.filter(({ isSection, path }) => !isSection && path.length === 1);
  const parts = [
    INTRODUCTION,
    ...sections.flatMap((section) => sectionPage(section, keysOfSection(section, keys))),
    '## Single keys\n',
    keyTable(single),
  ];
  return parts.join('\n');
}

/** config/rootwalk.yaml: every key as a comment with its default, below what is said of it. */
export function exampleFile(): string {
  const lines = EXAMPLE_HEAD.split('\n');
  for (const key of describeKeys()) {
    const indent = '  '.repeat(key.path.length - 1);
    const name = key.path[key.path.length - 1];
    if (key.path.length === 1) lines.push('');
    for (const text of wrap(key.isSection ? key.says : exampleText(key), 100)) lines.push(`${indent}# ${text}`);
    lines.push(
      ...(key.isSection ? [`${indent}${name}:`] : examplePreset(name, key).map((line) => `${indent}# ${line}`)),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** config/rootwalk.schema.json */
export function jsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const facts = factsOf(zodSchema);
      if (facts) jsonSchema.description = facts.says;
      // A section left out is {}; an editor need not offer that.
      if (jsonSchema.type === 'object') {
        delete jsonSchema.default;
        // `iteration:` with all its keys commented out is null to YAML.
        if (facts) jsonSchema.type = ['object', 'null'] as never;
      }
    },
  });
  return { $schema, title: 'The configuration of rootwalk', ...rest } as z.core.JSONSchema.BaseSchema;
}

const INTRODUCTION = `<!-- Written by \`npm run docs\` from src/config/schema*.ts; change it there. -->

# The configuration

\`rootwalk start --config FILE\` reads one YAML file (JSON is YAML too). Every key may be left out and has its default
then; a file that holds nothing is sound, and so is starting without one. A key that does not exist, or a value that
cannot be, stops the start with file, line, key, reason and the nearest right key:

    $ rootwalk check-config rootwalk.yaml
    rootwalk.yaml:3:5: iteration.budget.exchange: there is no such key
        did you mean exchanges?

\`rootwalk check-config FILE\` says the same without starting anything. \`rootwalk config-schema\` prints a JSON Schema;
\`config/rootwalk.schema.json\` is that schema, and an editor with a YAML language server uses it when the file begins
with

    # yaml-language-server: $schema=rootwalk.schema.json

\`config/\` holds files to start from: \`rootwalk.yaml\` with every key and its default, and one for each role.

**Reload.** SIGHUP has the daemon read its file again. A file with a problem leaves the running configuration in force.
Keys marked *restart* below keep their running value until the daemon is started again, and the daemon says so; all
others take effect at once.

**Forms.** A path that is not absolute starts at the directory of the configuration file. Sizes are a number of bytes or
one with \`KiB\`, \`MiB\` or \`GiB\`. Domain names are written as in a zone file, with or without the dot at the end,
international ones by their \`xn--\` form. IPv6 addresses with a port stand in brackets and need quotes:
\`"[2001:db8::1]:53"\`.
`;

const EXAMPLE_HEAD = `# yaml-language-server: $schema=rootwalk.schema.json
#
# Every key of rootwalk with its default: take the # away from what you want to change. Written by \`npm run docs\`;
# docs/configuration.md says more of each key. Check a file by \`rootwalk check-config FILE\`.`;

function keysOfSection(section: KeyDescription, keys: readonly KeyDescription[]): KeyDescription[] {
  const depth = section.path.length;
  return keys.filter(({ path, isSection }) => {
    return !isSection && path.length === depth + 1 && section.path.every((step, i) => step === path[i]);
  });
}

function sectionPage(section: KeyDescription, keys: readonly KeyDescription[]): string[] {
  return [`${'#'.repeat(section.path.length + 1)} ${section.path.join('.')}\n`, `${section.says}\n`, keyTable(keys)];
}

function keyTable(keys: readonly KeyDescription[]): string {
  if (keys.length === 0) return '';
  const rows = keys.map((key) => {
    const cells = [`\`${key.path.join('.')}\``, valueCell(key), defaultCell(key), meaningCell(key), effectCell(key)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return `| Key | Value | Default | Meaning | Change |\n| --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
}

function valueCell({ form, range }: KeyDescription): string {
  return range === '' ? form : `${form} ${range}`;
}

function defaultCell({ preset, defaultText }: KeyDescription): string {
  return preset === undefined ? defaultText : `\`${defaultText}\``;
}

function meaningCell({ says, why }: KeyDescription): string {
  return why === '' ? says : `${says} ${why}`;
}

function effectCell({ takesEffect }: KeyDescription): string {
  return takesEffect === 'at once' ? 'at once' : '*restart*';
}

function exampleText(key: KeyDescription): string {
  const text = `${meaningCell(key)} (${valueCell(key)})`;
  return key.preset === undefined ? `${text} Default: ${key.defaultText}.` : text;
}

/** `name: default` as YAML, a list with an entry a line; where the default depends on the machine, an empty value. */
function examplePreset(name: string, { preset }: KeyDescription): string[] {
  if (preset === undefined) return [`${name}:`];
  if (!Array.isArray(preset) || preset.length === 0) return [`${name}: ${presetText(preset)}`];
  return stringify({ [name]: preset }, { indentSeq: true, defaultStringType: 'PLAIN' })
    .trimEnd()
    .split('\n');
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
