// Makes the pages nicer to use. Everything works without it.

const find = (selector) => document.querySelector(selector)

const memory = {
  get: (name) => { try { return localStorage.getItem(`eventlog-${name}`) } catch { return null } },
  set: (name, value) => { try { localStorage.setItem(`eventlog-${name}`, value) } catch { /* not allowed */ } },
}

// The server writes UTC. The reader can switch to local time; one zone is shown at a time, and named wherever times are.

const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'local time'
const isLocal = () => memory.get('zone') === 'local'

function wallClock(time) {
  return new Date(time - time.getTimezoneOffset() * 60_000).toISOString().slice(0, -1).replace('T', ' ')
}

function offset(time) {
  const size = new Date(Math.abs(time.getTimezoneOffset()) * 60_000).toISOString().slice(11, 16)
  return `${time.getTimezoneOffset() > 0 ? '-' : '+'}${size}`
}

// Whether clocks that were set back showed the same time twice.
function isAmbiguous(time) {
  return [-1, 1].some((day) => {
    const other = new Date(time.getTime() + day * 86_400_000).getTimezoneOffset()
    const twin = new Date(time.getTime() + (other - time.getTimezoneOffset()) * 60_000)
    return other !== time.getTimezoneOffset() && twin.getTimezoneOffset() === other
  })
}

// Writes a moment in local time, as exactly as a text in UTC, which may lack the year, the seconds or the time.
function localText(moment, utc) {
  const time = new Date(moment)
  const text = wallClock(time)
  if (time.getFullYear() < 0 || time.getFullYear() > 9999) return `${utc} UTC`
  if (utc.endsWith('Z')) return text.replace(' ', 'T') + offset(time)
  const start = /^\d{4}-/.test(utc) ? 0 : 5
  const isDay = start + utc.length === 10 && text.endsWith('00:00:00.000')
  const shown = text.slice(start, isDay ? 10 : Math.max(start + utc.length, 16))
  return isAmbiguous(time) && !isDay ? `${shown} ${offset(time)}` : shown
}

// Unchanged text is left alone, which avoids a second layout.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

function showTimes() {
  const zone = isLocal() ? localZone : 'UTC'
  const show = (element, local) => {
    element.dataset.utc ??= element.textContent
    setText(element, isLocal() ? local(element.dataset.utc) : element.dataset.utc)
  }
  for (const element of document.querySelectorAll('time, [data-time]')) {
    show(element, (utc) => localText(element.dataset.time ?? element.dateTime, utc))
  }
  const inUTC = (text) => `${text.replace(' ', 'T')}Z`
  for (const element of document.querySelectorAll('.histogram title')) {
    show(element, (utc) => utc.replace(/(\S+ \S+) to (\S+ \S+) UTC/, (_, since, until) =>
      `${localText(inUTC(since), since)} to ${localText(inUTC(until), until)} ${zone}`))
  }
  for (const field of document.querySelectorAll('[type="datetime-local"]')) {
    const utc = field.dataset.utc ??= field.value
    const value = isLocal() && utc ? wallClock(new Date(`${utc}Z`)).replace(' ', 'T') : utc
    if (field.value !== value) field.value = value
  }
  for (const element of document.querySelectorAll('.zone')) setText(element, zone)
  document.documentElement.style.setProperty('--zone', `"${zone}"`)
}

// Whatever is sent is in UTC.
document.addEventListener('input', ({ target }) => {
  if (target.type !== 'datetime-local') return
  target.dataset.utc = isLocal() && target.value ? new Date(target.value).toISOString().slice(0, -1) : target.value
})
document.addEventListener('formdata', ({ target, formData }) => {
  for (const field of target.querySelectorAll('[type="datetime-local"]')) {
    formData.set(field.name, field.dataset.utc ?? field.value)
  }
})

function setUpSwitch(name, choices, show) {
  const button = find(`[data-switch="${name}"]`)
  const names = Object.keys(choices)
  const current = () => names.includes(memory.get(name)) ? memory.get(name) : names[0]
  const update = () => {
    if (button) button.textContent = choices[current()]
    show()
  }
  button?.addEventListener('click', () => {
    memory.set(name, names[(names.indexOf(current()) + 1) % names.length])
    update()
  })
  update()
}

setUpSwitch('theme', { auto: 'Theme: automatic', light: 'Theme: light', dark: 'Theme: dark' }, () => {
  document.documentElement.dataset.theme = memory.get('theme') ?? 'auto'
})
setUpSwitch('zone', { utc: 'Times in UTC', local: 'Times in local time' }, showTimes)
find('.switches').hidden = false

const search = find('#filter-q')

// Ctrl+Enter or Command+Enter sends the form, a slash focuses the search field, and L turns Live on and off.

document.addEventListener('keydown', (event) => {
  const isCommand = event.ctrlKey || event.metaKey
  if (event.key === 'Enter' && isCommand) event.target.closest?.('form[method="post"]')?.requestSubmit()
  if (isCommand || event.altKey || event.target.closest?.('input, textarea, select')) return
  if (event.key === '/' && search) {
    event.preventDefault()
    search.focus()
    search.select()
  }
  if (event.key === 'l') find('.live:not([hidden]) button')?.click()
})

const suggest = () => import(`./search.js${new URL(import.meta.url).search}`)
search?.addEventListener('focus', suggest, { once: true })
if (search === document.activeElement) suggest()

// A reload does not show a success notice again.

if (find('.notice-fading')) {
  const address = new URL(location.href)
  address.searchParams.delete('created')
  history.replaceState(null, '', address)
}

// The list comes from the server's page.

const results = find('#results')
const outcome = find('#outcome')
let newest = 0
// The last known event of the log; empty if none is.
let last = results?.dataset.last

async function load(url) {
  const response = await fetch(url, { headers: { Accept: 'text/html' } })
  if (response.status === 401) location.reload()
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const backend = page.getElementById('backend')
  if (backend) find('#backend').replaceChildren(...backend.childNodes)
  return { response, page, fresh: page.getElementById('results') }
}

function take(fresh) {
  results.replaceChildren(...fresh.childNodes)
  Object.assign(results.dataset, fresh.dataset)
  last = fresh.dataset.last
  for (const number of waiting) if (number <= ordinal(last)) waiting.delete(number)
  showTimes()
}

// The filter is applied as it changes; form and focus stay.

const filter = find('form.filter')
let changed = null
const view = () => location.pathname + location.search
let shown = view()

function address(submitter) {
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(filter, submitter)) {
    if (value !== '') query.append(name, value)
  }
  return `${filter.action}?${query}`
}

// Typing in one field is one step of the history; any other change has its own.
function remember(url, field) {
  if (url === location.href) return
  const isTyping = field !== null && field === changed
  history[isTyping ? 'replaceState' : 'pushState'](null, '', url)
  changed = field
  shown = view()
}

function takeErrors(page) {
  for (const error of filter.querySelectorAll('.error')) error.remove()
  for (const field of filter.querySelectorAll('[id^="filter-"]')) {
    const fresh = page.getElementById(field.id)
    for (const name of ['aria-invalid', 'aria-describedby']) {
      if (fresh?.hasAttribute(name)) field.setAttribute(name, fresh.getAttribute(name))
      else field.removeAttribute(name)
    }
    const error = page.getElementById(field.id.replace('filter', 'filter-error'))
    if (error) (field.matches('input, select') ? field.parentElement : field).append(error)
  }
}

async function apply(field) {
  const number = ++newest
  results.ariaBusy = 'true'
  try {
    const { response, page, fresh } = await load(address())
    if (number !== newest) return
    if (!fresh || !response.ok && response.status !== 422) throw new Error(response.statusText)
    takeErrors(page)
    remember(response.url, field)
    document.title = page.title
    // A time range replaces moments, and moments replace a time range.
    for (const name of ['since', 'until', 'occurred_since', 'occurred_until', 'range']) {
      const field = filter.elements[name]
      if (field !== document.activeElement) field.replaceWith(page.getElementById(field.id))
    }
    take(fresh)
    results.ariaBusy = null
    outcome.textContent = results.querySelector('figcaption, .empty')?.textContent ?? ''
    follow()
  } catch {
    // The server's own page explains best what is wrong.
    if (number === newest) location.assign(address())
  }
}

// Somebody who types a search is not told that its end is missing.
const isUnfinished = ({ value }) => /[:=<>]$|\bOR *$/.test(value) || value.split('"').length % 2 === 0

let pause
filter?.addEventListener('input', (event) => {
  clearTimeout(pause)
  const field = event.target
  if (field === search && isUnfinished(field)) return
  if (field.name === 'since' || field.name === 'until') filter.elements.range.value = ''
  const isTyped = field.matches('input:not([type="checkbox"])')
  pause = setTimeout(apply, isTyped ? 300 : 0, isTyped ? field : null)
})
filter?.addEventListener('submit', (event) => {
  event.preventDefault()
  clearTimeout(pause)
  // A button among the results changes the form, too.
  if (event.submitter?.name) location.assign(address(event.submitter))
  else apply(null)
})
// A link to a fragment of this page is also a step of the history.
addEventListener('popstate', () => {
  if (view() !== shown) location.reload()
})

// The stream says that something is new, and the server's page shows it. While somebody reads, it gathers.

const live = find('.live')
const gathered = find('.gathered')
const ordinal = (id) => Number(id.slice('evt_'.length))
const sleep = (time) => new Promise((done) => setTimeout(done, time))
const waiting = new Set()
let stream = new AbortController()
let isUpdating = false
let [failures, announced] = [0, 0]

// Whether somebody would be disturbed, or nobody sees it.
function isReading() {
  const selection = getSelection()
  return document.hidden || (results.querySelector('tbody') ?? results).getBoundingClientRect().top < 0
    || results.querySelector('a:hover') || results.contains(document.activeElement)
    || !selection.isCollapsed && results.contains(selection.anchorNode)
}

function showState(state = '') {
  setText(live.querySelector('span'), state)
  gathered.hidden = waiting.size === 0 || !isReading()
  const count = waiting.size > 999 ? '999+' : waiting.size
  setText(gathered, `${count} new event${count === 1 ? '' : 's'}`)
}

function arrived(id) {
  if (ordinal(id) <= ordinal(results.dataset.last)) return
  waiting.add(ordinal(id))
  if (waiting.size > 1000) waiting.delete(waiting.values().next().value)
  update()
}

// Shows what is new, or gathers it.
async function refresh() {
  const number = newest
  const { response, fresh } = await load(location.href)
  if (!response.ok) throw new Error(response.statusText)
  if (number !== newest) return
  const added = [...fresh.querySelectorAll('tr[data-id]')]
    .filter((row) => ordinal(row.dataset.id) > ordinal(results.dataset.last))
  if (isReading()) {
    last = fresh.dataset.last
    return added.forEach((row) => arrived(row.dataset.id))
  }
  for (const row of added) row.classList.add('fresh')
  take(fresh)
  if (added.length > 0 && Date.now() - announced > 10_000) {
    announced = Date.now()
    outcome.textContent = `New events: ${added.length}`
  }
}

async function update() {
  if (isUpdating) return
  isUpdating = true
  while (waiting.size > 0) {
    let time = 200
    if (!isReading()) {
      const start = performance.now()
      await refresh().catch(() => { time = 1000 })
      // A page that takes long to make is asked for less often.
      time = Math.max(time, 5 * (performance.now() - start))
    }
    showState()
    await sleep(time)
  }
  isUpdating = false
}

async function read(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ''; ;) {
    // There is a sign of life every fifteen seconds.
    const silence = setTimeout(() => reader.cancel(), 45_000)
    const { done, value } = await reader.read()
    clearTimeout(silence)
    if (done) return
    const lines = (rest + value).split('\n')
    rest = lines.pop()
    for (const line of lines) if (line) arrived(JSON.parse(line).id)
  }
}

function stop() {
  stream.abort()
  waiting.clear()
  last = ''
  showState()
}

async function follow() {
  stream.abort()
  const { signal } = stream = new AbortController()
  live.hidden = !results.dataset.stream
  if (live.hidden || document.hidden || memory.get('live') === 'off') return stop()
  try {
    if (!last) await refresh()
    const url = new URL(results.dataset.stream, location)
    if (last) url.searchParams.set('after', last)
    const response = await fetch(url, { headers: { Accept: 'application/x-ndjson' }, signal })
    if (!response.ok) throw new Error(response.statusText)
    // The log may not be empty any more.
    if (!last) await refresh()
    showState()
    failures = 0
    await read(response.body)
  } catch { /* It is tried again. */ }
  if (signal.aborted) return
  last = ''
  if (failures++ > 0) showState('Connecting again …')
  await sleep(Math.min(250 * 2 ** failures, 10_000) * (1 + Math.random()) / 2)
  if (!signal.aborted) follow()
}

if (results) {
  let tired
  gathered.addEventListener('click', () => {
    getSelection().removeAllRanges()
    find('#events').scrollIntoView()
  })
  // A browser has few connections, and a tab that nobody sees needs none.
  document.addEventListener('visibilitychange', () => {
    clearTimeout(tired)
    if (document.hidden) tired = setTimeout(stop, 60_000)
    else if (stream.signal.aborted) follow()
  })
  setUpSwitch('live', { on: 'Live: on', off: 'Live: off' }, follow)
}
