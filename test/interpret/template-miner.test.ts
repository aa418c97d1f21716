import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createAliases } from '../../src/interpret/template/aliases.ts'
import { Miner } from '../../src/interpret/template/miner.ts'
import { readModel } from '../../src/interpret/template/snapshot.ts'

/** Lines of some programs: fixed words around values, and some words that vary. */
const someLine = fc.oneof(
  fc
    .tuple(fc.constantFrom('alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace'), fc.nat())
    .map(([who, n]) => `desktop number ${n} of person ${who} did not start in time`),
  fc.ipV4().map((ip) => `Invalid connection request from client '${ip}:2098': unknown session 's-41'`),
  fc
    .tuple(fc.constantFrom('mounted', 'unmounted', 'checked'), fc.nat())
    .map(([did, n]) => `volume ${n} was ${did} by the agent`),
  fc
    .constantFrom('Chrome', 'no proxy', 'Dropbox to office', 'home', 'My Bank', 'last of all')
    .map((rule) => `10.0.0.8 matching ${rule} rule : direct connection`),
  fc.constantFrom('dcvserver is not running', 'Failed to join domain', ''),
  fc.string({ unit: 'binary', maxLength: 60 }),
)
const someLines = fc.array(someLine, { maxLength: 60 })

const idsOf = (miner: Miner, lines: readonly string[]) => lines.map((line) => miner.learn(line).id)
const restarted = (miner: Miner) => {
  const model = readModel(JSON.parse(JSON.stringify(miner.snapshot())))
  const other = new Miner()
  if (model !== undefined) other.restore(model)
  return other
}

describe('a template miner', () => {
  it('gives every line an id and a template of one printable line', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const miner = new Miner()
        for (const line of lines) {
          const { id, template } = miner.learn(line)
          expect(id).toMatch(/^[0-9a-f]{16}$/)
          expect(template).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
        }
      }),
    )
  })

  it('gives the same ids after a restart', () => {
    fc.assert(
      fc.property(someLines, (lines) => {
        const miner = new Miner()
        for (const line of lines) miner.learn(line)
        const again = idsOf(miner, lines)
        const other = restarted(miner)
        expect(idsOf(other, lines)).toEqual(again)
        expect(lines.some((line) => other.learn(line).isNew)).toBe(false)
        expect(again.map(other.aliases.resolve)).toEqual(again.map(miner.aliases.resolve))
      }),
    )
  })

  it('calls a line new once', () => {
    const miner = new Miner()
    const news = ['a b 1', 'a b 2', 'c failed', 'c failed', 'c denied'].map((line) => miner.learn(line).isNew)
    expect(news).toEqual([true, false, true, false, true])
  })

  it('names what was seen alike on two hosts alike, with no word between them', () => {
    const [one, other] = [new Miner(), new Miner()]
    one.learn('dcvserver is not running')
    const line = (n: number) => `GPU ${n} has fallen off the bus, error 79`
    expect(one.learn(line(0)).id).toBe(other.learn(line(3)).id)
  })

  it('agrees with another in what is one group once their aliases are joined, whatever came first', () => {
    const people = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank']
    const lines = people.flatMap((who) => [
      `desktop of person ${who} did not start`,
      `mounted by ${who} for the agent`,
      `rule ${who}${who.length > 4 ? ' and others' : ''} matches a direct connection`,
    ])
    fc.assert(
      fc.property(
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        fc.shuffledSubarray(lines, { minLength: lines.length }),
        (a, b) => {
          const [one, other] = [new Miner(), new Miner()]
          const given = new Map([...a, ...b].map((line) => [line, new Set<string>()]))
          for (const line of a) given.get(line)?.add(one.learn(line).id)
          for (const line of b) given.get(line)?.add(other.learn(line).id)
          const table = createAliases()
          table.merge(one.aliases.entries())
          table.merge(other.aliases.entries())
          const groups = [...given].map(([line, ids]) => [
            line.split(' ')[0],
            ...new Set([...ids].map(table.resolve)),
          ])
          expect(groups.every((group) => group.length === 2)).toBe(true)
          expect(new Set(groups.map((group) => group.join())).size).toBe(3)
        },
      ),
    )
  })

  it('keeps a word of few meanings, and gives up one of many', () => {
    const miner = new Miner()
    const few = ['mounted', 'unmounted', 'checked'].map(
      (did) => miner.learn(`volume 7 was ${did} by the agent`).id,
    )
    expect(new Set(few).size).toBe(3)
    const many = ['amber', 'birch', 'cedar', 'dogwood', 'elm', 'fir', 'gum'].map((tree) =>
      miner.learn(`the host of pool ${tree} went away`),
    )
    expect(many.map(({ isNew }) => isNew)).toEqual([true, true, true, true, false, false, false])
    expect(new Set(many.map(({ id }) => miner.aliases.resolve(id))).size).toBe(1)
    expect(many.at(-1)?.template).toBe('the host of pool <*> went away')
  })

  it('takes words of any number between the same words for a value once there are many, but not what failed', () => {
    const rules = ['Chrome', 'Dropbox to office', 'no proxy', 'home', 'My Bank', 'Default', 'the last of all']
    const learnt = (line: (rule: string) => string) => {
      const miner = new Miner()
      const sights = rules.map((rule) => miner.learn(line(rule)))
      return { miner, sights, ids: new Set(sights.map(({ id }) => miner.aliases.resolve(id))) }
    }
    const { miner, sights, ids } = learnt((rule) => `10.0.0.8 matching ${rule} rule : direct connection`)
    expect(ids.size).toBe(1)
    expect(sights.map(({ isNew }) => isNew)).toEqual([true, true, true, true, false, false, false])
    expect(sights.at(-1)?.template).toBe('<ip> matching <*> rule : direct connection')
    expect(restarted(miner).learn('10.0.0.9 matching rule : direct connection').isNew).toBe(false)
    expect(miner.learn('10.0.0.9 matching blocked rule : direct connection').isNew).toBe(true)
    expect(miner.learn('10.0.0.9 matching a b c d e rule : direct connection').isNew).toBe(true)
    expect(learnt((rule) => `a session now begins by ${rule}`).ids.size).toBe(1)
    expect(learnt((rule) => `here is ${rule} but no such file of it`).ids.size).toBe(rules.length)
    expect(learnt((rule) => `Unable to open ${rule} for the user of it`).ids.size).toBe(rules.length)
  })

  it('takes a word for a value where a message that differs in one other word has any word there', () => {
    const ids = (line: (tree: string, state: string) => string, trees: readonly string[]) => {
      const miner = new Miner()
      const learn = (tree: string, state: string) => miner.learn(line(tree, state)).id
      const few = trees.slice(0, 2).map((tree) => learn(tree, 'paused'))
      for (const tree of trees) learn(tree, 'resumed')
      return new Set(
        [...few, ...trees.slice(2, 4).map((tree) => learn(tree, 'paused'))].map(miner.aliases.resolve),
      )
    }
    const trees = ['amber', 'birch', 'cedar', 'dogwood', 'elm', 'fir', 'gum']
    const texts = trees.map((tree, at) => (at % 2 === 0 ? `big old ${tree}` : tree))
    expect(ids((tree, state) => `the host of pool ${tree} was ${state} today`, trees).size).toBe(1)
    expect(ids((tree, state) => `the host of pool ${tree} was ${state} today`, texts).size).toBe(1)
    const failed = (tree: string, state: string) => `the host of pool ${tree} was ${state} as it failed`
    expect(ids(failed, texts).size).toBeGreaterThan(1)
  })

  it('never puts a failure and a success into one group', () => {
    const miner = new Miner()
    const words = ['failed', 'succeeded', 'refused', 'denied', 'expired', 'aborted', 'timeout', 'unknown']
    const ids = words.map((word) => miner.learn(`the join of the domain has ${word} on this host`).id)
    expect(new Set(ids.map(miner.aliases.resolve)).size).toBe(words.length)
  })

  it('keeps apart what was done, however much can be', () => {
    const miner = new Miner()
    const done = [
      'created',
      'changed',
      'deleted',
      'moved',
      'renamed',
      'unlocked',
      'shared out',
      'copied to it',
    ]
    const ids = done.map((what) => miner.learn(`the account of the user was ${what} by the system`).id)
    expect(new Set(ids.map(miner.aliases.resolve)).size).toBe(done.length)
  })

  it('keeps apart what requests do', () => {
    const miner = new Miner()
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
    const ids = methods.map((method) => miner.learn(`no answer to request "${method} /x HTTP/1.1" of it`).id)
    expect(new Set(ids.map(miner.aliases.resolve)).size).toBe(methods.length)
  })

  it('keeps no more groups than it may, and forgets those not seen for longest', () => {
    const miner = new Miner({ maxGroups: 50 })
    const word = (n: number) => n.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'.charAt(Number(digit)))
    for (let n = 0; n < 2000; n++) {
      miner.learn(`${word(n)}${word(n * 7)} alone ${word(n * 3)}`)
      expect(miner.learn('dcvserver is not running').isNew).toBe(n === 0)
      expect(miner.size).toBeLessThanOrEqual(50)
    }
  })

  it('takes a model of another version for none', () => {
    const model = new Miner().snapshot()
    expect(readModel({ ...model, version: model.version + 1 })).toBeUndefined()
    for (const broken of [null, 7, {}, { ...model, groups: [{ id: 'x' }] }, { ...model, aliases: [['a']] }]) {
      expect(readModel(broken)).toBeUndefined()
    }
    expect(readModel(model)).toEqual(model)
  })

  it('makes the template of a line whose secret was taken out', () => {
    const miner = new Miner({ clean: (line) => line.replace('hush', '«redacted:password»') })
    expect(miner.learn('bind with hush was refused').template).not.toContain('hush')
    expect(miner.learn('bind with hush was refused').id).toBe(
      new Miner().learn('bind with «redacted:password» was refused').id,
    )
  })

  it('takes what a long message tells of for a value, and which thing a message begins with, but not which one failed', () => {
    const templates = (...lines: string[]) => {
      const miner = new Miner()
      for (const line of lines) miner.learn(line)
      return [...miner.templates().values()]
    }
    const long = (group: string, words: string) =>
      `The member of ${group} joins and gets a new name and must ask again with this name ${words}`
    expect(templates(long('carts', 'soon'), long('orders', 'soon'))).toHaveLength(1)
    expect(templates(long('carts', 'or it failed'), long('orders', 'or it failed'))).toHaveLength(2)
    expect(templates('cron.service: It has stopped.', 'man-db.service: It has stopped.')).toEqual([
      '<*>: It has stopped.',
    ])
    expect(templates('cron.service: It has failed.', 'man-db.service: It has failed.')).toHaveLength(2)
    expect(templates('waits for ShareLock on it', 'waits for RowLock on it')).toEqual(['waits for <*> on it'])
    expect(templates('sees ReadError in all of it', 'sees WriteError in all of it')).toHaveLength(2)
  })
})

describe('aliases', () => {
  const pairs = fc.array(fc.tuple(fc.constantFrom(...'abcdefgh'), fc.constantFrom(...'abcdefgh')), {
    maxLength: 20,
  })

  it('are the same in whatever order they are joined, and the smallest speaks for all', () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const [one, other] = [createAliases(), createAliases()]
        one.merge(list)
        other.merge([...list].reverse())
        for (const id of 'abcdefgh') {
          expect(one.resolve(id)).toBe(other.resolve(id))
          expect(one.resolve(id) <= id).toBe(true)
        }
        const copy = createAliases()
        copy.merge(one.entries())
        for (const id of 'abcdefgh') expect(copy.resolve(id)).toBe(one.resolve(id))
      }),
    )
  })

  it('are no more than they may be', () => {
    const aliases = createAliases(100)
    for (let i = 0; i < 1000; i++) aliases.join(`a${i}`, `b${i}`)
    expect(aliases.entries().length).toBeLessThanOrEqual(50)
    expect(aliases.resolve('b999')).toBe('a999')
  })
})
