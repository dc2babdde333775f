// Events a second of the reference's own code, Pendo Audiences, with its network stubbed in process: the anchor of the
// ratios in docs/performance.md. In a folder of its own: npm install @segment/action-destinations, then
// NODE_PATH=node_modules node pendo.cjs [EVENTS]. Time is that of the processor.
'use strict'
const crossFetch = require('cross-fetch')
const answer = async (request) => {
  const n = JSON.parse(await request.text()).patch.reduce((n, patch) => n + patch.value.length, 0)
  const multistatus = Array.from({ length: n }, () => ({ operation: 'add', status: 200 }))
  return new crossFetch.Response(JSON.stringify({ multistatus }), { status: 200, headers: { 'content-type': 'application/json' } })
}
require.cache[require.resolve('cross-fetch')].exports = Object.assign(answer, crossFetch, { default: answer, __esModule: true })

const { Destination } = require('@segment/actions-core')
const definition = require('@segment/action-destinations/dist/destinations/pendo-audiences').default

const nEvents = Number(process.argv[2] || 20000)
const settings = { integrationKey: 'key-1', region: 'US' }
const subscription = {
  name: 'sync', enabled: true, partnerAction: 'syncAudience',
  subscribe: 'type = "identify" or type = "track"',
  mapping: Object.fromEntries(Object.entries(definition.actions.syncAudience.fields).map(([key, field]) => [key, field.default])),
}
const event = (number) => ({
  type: 'identify', messageId: `m-${number}`, userId: `u-${number}`, timestamp: '2026-11-22T06:59:00Z',
  traits: { vip: number % 3 !== 0 },
  context: { personas: { computation_class: 'audience', computation_key: 'vip', external_audience_id: 'seg-1' } },
})
const events = Array.from({ length: nEvents }, (_, number) => event(number))

async function measured(name, work) {
  const rates = []
  for (let round = 0; round < 4; round++) {
    const before = process.cpuUsage()
    await work()
    const used = process.cpuUsage(before)
    rates.push(nEvents / ((used.user + used.system) / 1e6))
  }
  rates.shift() // warm-up
  rates.sort((a, b) => a - b)
  console.log(`${name.padEnd(24)} ${Math.round(rates[1])} events/s`)
}

(async () => {
  const destination = new Destination(definition)
  const all = { ...settings, subscriptions: [subscription] }
  const first = await destination.onEvent(events[0], all)
  if (!JSON.stringify(first).includes('Action Executed')) throw new Error(`the reference did not deliver: ${JSON.stringify(first)}`)
  await measured('onEvent, one by one', async () => {
    for (const event of events) await destination.onEvent(event, all)
  })
  await measured('onBatch of 1,000', async () => {
    for (let start = 0; start < nEvents; start += 1000) await destination.onBatch(events.slice(start, start + 1000), all)
  })
})()
