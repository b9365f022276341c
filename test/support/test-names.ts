import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** The names of the tests of a file, as a run would print them, without running it: of a table that stands in the file, row by row. */
export function testNamesIn(path: string, source: string): readonly string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true)
  const tables = new Map<string, ts.Expression>()
  const names: string[] = []
  function visit(node: ts.Node, above: string): void {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) tables.set(node.name.text, node.initializer)
    const call = ts.isCallExpression(node) ? namedBy(node) : undefined
    const own = call?.table ? expand(call.title, call.table, tables) : [call?.title ?? '']
    if (call && call.kind !== 'describe') names.push(...own.map((name) => `${above}${name}`))
    else for (const name of own) ts.forEachChild(node, (child) => visit(child, call ? `${above}${name} > ` : above))
  }
  visit(file, '')
  return names
}

/** Every test file below `test`, by its path from there. */
export function testFiles(): ReadonlyMap<string, readonly string[]> {
  const paths = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((path) => /\.test\.tsx?$/.test(path))
  return new Map(paths.sort().map((path) => [path, testNamesIn(path, readFileSync(join('test', path), 'utf8'))]))
}

interface Named {
  readonly kind: string
  readonly title: string
  readonly table?: ts.Expression
}

/** `it('…')`, `test.each(table)('…')`, and what follows them in a chain. */
function namedBy({ expression, arguments: [first] }: ts.CallExpression): Named | undefined {
  const title = first && textOf(first)
  if (title === undefined) return undefined
  const each = ts.isCallExpression(expression) && ts.isPropertyAccessExpression(expression.expression) ? expression : undefined
  const callee = each ? each.expression : expression
  const kind = rootOf(callee)
  if (!['it', 'test', 'describe'].includes(kind)) return undefined
  const [table] = each?.arguments ?? []
  return { kind, title, ...(table && { table }) }
}

function rootOf(node: ts.Node): string {
  if (ts.isPropertyAccessExpression(node)) return rootOf(node.expression)
  return ts.isIdentifier(node) ? node.text : ''
}

function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text
  if (ts.isNumericLiteral(node)) return node.text
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…')
  return undefined
}

/** One name for each row; the title as it stands where the rows are not written out. */
function expand(title: string, table: ts.Expression, tables: ReadonlyMap<string, ts.Expression>): readonly string[] {
  const rows = rowsOf(table, tables)
  if (rows.length === 0) return [title]
  return rows.map((row) => {
    const given = bare(row, tables)
    const mapped = titlesIn(table, given)
    if (ts.isObjectLiteralExpression(given) && !mapped)
      return title.replace(/\$(\w+)/g, (whole, key: string) => fieldOf(given, key) ?? whole)
    const values = ts.isArrayLiteralExpression(given) ? given.elements.map((value) => textOf(bare(value, tables))) : [textOf(given)]
    let next = 0
    return title.replace(/%[sidjo]/g, (whole) => (mapped ?? values)[next++] ?? whole)
  })
}

/** Of `table.map((row) => [`row ${row.number}: ${row.name}`, row])`: what is made of a row that is an object. */
function titlesIn(table: ts.Expression, row: ts.Expression): readonly (string | undefined)[] | undefined {
  const [made] = ts.isCallExpression(table) ? table.arguments : []
  if (!made || !ts.isArrowFunction(made) || !ts.isObjectLiteralExpression(row)) return undefined
  const body = ts.isAsExpression(made.body) ? made.body.expression : made.body
  if (!ts.isArrayLiteralExpression(body)) return undefined
  const field = (node: ts.Expression) => (ts.isPropertyAccessExpression(node) ? fieldOf(row, node.name.text) : undefined)
  return body.elements.map((each) => {
    if (!ts.isTemplateExpression(each)) return field(each)
    return each.templateSpans.reduce((text, { expression, literal }) => text + (field(expression) ?? '…') + literal.text, each.head.text)
  })
}

function rowsOf(table: ts.Expression, tables: ReadonlyMap<string, ts.Expression>): readonly ts.Expression[] {
  const given = bare(table, tables)
  if (!ts.isArrayLiteralExpression(given)) return []
  return given.elements.flatMap((element) => (ts.isSpreadElement(element) ? rowsOf(element.expression, tables) : element))
}

/** Without `as const`, `satisfies …`, brackets, and what only calls it by its name; of `table.map(…)`, the table. */
function bare(node: ts.Expression, tables: ReadonlyMap<string, ts.Expression>, depth = 0): ts.Expression {
  if (depth > 10) return node
  if (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    return bare(node.expression, tables, depth + 1)
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && ['map', 'filter'].includes(node.expression.name.text))
    return bare(node.expression.expression, tables, depth + 1)
  const named = ts.isIdentifier(node) ? tables.get(node.text) : undefined
  return named ? bare(named, tables, depth + 1) : node
}

function fieldOf(row: ts.ObjectLiteralExpression, key: string): string | undefined {
  const property = row.properties.find((each) => each.name && ts.isIdentifier(each.name) && each.name.text === key)
  return property && ts.isPropertyAssignment(property) ? textOf(property.initializer) : undefined
}
