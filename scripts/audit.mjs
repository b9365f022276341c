// What is known against the parts the service is made of, and whether they are those their makers signed: npm run audit
// It tells and is no gate: it ends with 0 whatever it finds, also where the registry is not reachable.
import { spawnSync } from 'node:child_process'
import process from 'node:process'

const say = (text) => process.stdout.write(`${text}\n`)

/** npm's JSON, whatever its exit status; undefined: the registry did not answer. */
function ask(...args) {
  const { stdout } = spawnSync('npm', [...args, '--json'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 120_000 })
  try {
    const answer = JSON.parse(stdout)
    return answer.error || answer.message ? undefined : answer
  } catch {
    return undefined
  }
}

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

const advisories = ask('audit')
if (advisories?.vulnerabilities === undefined) say('advisories: not reachable')
else {
  const found = Object.values(advisories.vulnerabilities)
  say(`advisories: ${found.length} of ${advisories.metadata?.dependencies?.total ?? '?'} parts`)
  const row = ({ name, severity, range, via, fixAvailable }) => [
    severity,
    name,
    range,
    via.map((each) => (typeof each === 'string' ? `by ${each}` : each.title)).join('; '),
    fixAvailable ? 'can be mended' : '',
  ]
  if (found.length > 0) say(table([['severity', 'part', 'versions', 'what', ''], ...found.map(row)]))
}

const signatures = ask('audit', 'signatures')
if (signatures?.invalid === undefined) say('signatures: not reachable')
else {
  const { invalid, missing } = signatures
  say(`signatures: ${invalid.length} wrong, ${missing.length} missing`)
  const row =
    (how) =>
    ({ name, version }) => [how, name, version]
  if (invalid.length + missing.length > 0) say(table([...invalid.map(row('wrong')), ...missing.map(row('missing'))]))
}
