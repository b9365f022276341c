/** What falls due, soonest first; of two at the same instant, the one that was put in first. */
export interface DueQueue<Item> {
  /** Epoch milliseconds. */
  push(at: number, item: Item): void
  /** When the soonest falls due; undefined: nothing waits. */
  soonest(): number | undefined
  pop(): Item | undefined
}

interface Entry<Item> {
  readonly at: number
  readonly turn: number
  readonly item: Item
}

/** A binary heap: a push or a pop costs the logarithm of what waits. */
export function dueQueue<Item>(): DueQueue<Item> {
  const heap: Entry<Item>[] = []
  let turns = 0
  return {
    push(at, item) {
      heap.push({ at, turn: turns++, item })
      rise(heap, heap.length - 1)
    },
    soonest: () => heap[0]?.at,
    pop() {
      const [first] = heap
      const last = heap.pop()
      if (last && heap.length > 0) {
        heap[0] = last
        sink(heap)
      }
      return first?.item
    },
  }
}

function rise(heap: Entry<unknown>[], from: number): void {
  for (let index = from; index > 0; ) {
    const parent = (index - 1) >> 1
    if (!isBefore(heap[index], heap[parent])) return
    swap(heap, index, parent)
    index = parent
  }
}

function sink(heap: Entry<unknown>[]): void {
  for (let index = 0; ; ) {
    const [left, right] = [2 * index + 1, 2 * index + 2]
    const sooner = isBefore(heap[right], heap[left]) ? right : left
    if (!isBefore(heap[sooner], heap[index])) return
    swap(heap, index, sooner)
    index = sooner
  }
}

/** What is not there is never before anything. */
function isBefore(a: Entry<unknown> | undefined, b: Entry<unknown> | undefined): boolean {
  if (!a) return false
  return !b || a.at < b.at || (a.at === b.at && a.turn < b.turn)
}

function swap(heap: Entry<unknown>[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]]
  if (!first || !second) return
  heap[a] = second
  heap[b] = first
}
