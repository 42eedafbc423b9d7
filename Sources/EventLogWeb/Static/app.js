// Makes the pages of Event Log nicer to use. Everything works without it.

const memory = {
  get: (name) => { try { return localStorage.getItem(`eventlog-${name}`) } catch { return null } },
  set: (name, value) => { try { localStorage.setItem(`eventlog-${name}`, value) } catch { /* not allowed */ } },
}

// Times: the server writes UTC, and the reader can switch to local time. One zone is shown at a time, and it is named
// wherever times are.

const zones = { utc: 'Times in UTC', local: 'Times in local time' }
const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'local time'
const isLocal = () => memory.get('zone') === 'local'

function pad(number, digits = 2) {
  return String(number).padStart(digits, '0')
}

function wallClock(time) {
  return `${pad(time.getFullYear(), 4)}-${pad(time.getMonth() + 1)}-${pad(time.getDate())} `
    + `${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}.${pad(time.getMilliseconds(), 3)}`
}

function offset(time) {
  const minutes = Math.abs(time.getTimezoneOffset())
  return `${time.getTimezoneOffset() > 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
}

// Whether clocks that were set back have shown the same time twice.
function isAmbiguous(time) {
  return [-1, 1].some((day) => {
    const other = new Date(time.getTime() + day * 86_400_000).getTimezoneOffset()
    const twin = new Date(time.getTime() + (other - time.getTimezoneOffset()) * 60_000)
    return other !== time.getTimezoneOffset() && twin.getTimezoneOffset() === other
  })
}

// Writes a moment in local time, and as exactly as a text in UTC, which may lack the year, the seconds or the time.
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

// Fields may show local time, and whatever is sent is in UTC.
document.addEventListener('input', ({ target }) => {
  if (target.type !== 'datetime-local') return
  target.dataset.utc = isLocal() && target.value ? new Date(target.value).toISOString().slice(0, -1) : target.value
})
document.addEventListener('formdata', ({ target, formData }) => {
  for (const field of target.querySelectorAll('[type="datetime-local"]')) {
    formData.set(field.name, field.dataset.utc ?? field.value)
  }
})

// The theme follows the system unless the reader chooses one.

const themes = { auto: 'Theme: automatic', light: 'Theme: light', dark: 'Theme: dark' }

function showTheme() {
  const theme = memory.get('theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}

function setUpSwitch(name, choices, show) {
  const button = document.querySelector(`[data-switch="${name}"]`)
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

setUpSwitch('theme', themes, showTheme)
setUpSwitch('zone', zones, showTimes)
for (const element of document.querySelectorAll('.switches')) element.hidden = false

// Keys: Ctrl+Enter or Command+Enter sends the form, and a slash focuses the search field.

document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.target.closest?.('form[method="post"]')?.requestSubmit()
  }
  const isTyping = event.target.closest?.('input, textarea, select')
  if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.getElementById('filter-q')
    if (search) {
      event.preventDefault()
      search.focus()
      search.select()
    }
  }
})

// A success notice fades, and a reload does not show it again.

for (const notice of document.querySelectorAll('.notice-fading')) {
  setTimeout(() => notice.classList.add('faded'), 6000)
  const address = new URL(location.href)
  address.searchParams.delete('created')
  history.replaceState(null, '', address)
}

// The filter is applied as it changes; the form and the focus stay in place.

const filter = document.querySelector('form.filter')
let newest = 0
let changed = null
const view = () => location.pathname + location.search
let shown = view()

function address(form, submitter) {
  const query = new URLSearchParams()
  for (const [name, value] of new FormData(form, submitter)) {
    if (value !== '') query.append(name, value)
  }
  return `${form.action}?${query}`
}

// All typing in one field is a single step of the history; any other change is a step of its own.
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
  const results = document.getElementById('results')
  results.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch(address(filter), { headers: { Accept: 'text/html' } })
    const page = new DOMParser().parseFromString(await response.text(), 'text/html')
    if (number !== newest) return
    const fresh = page.getElementById('results')
    if (!fresh || !response.ok && response.status !== 422) throw new Error(response.statusText)
    results.replaceChildren(...fresh.childNodes)
    takeErrors(page)
    remember(response.url, field)
    // A time range replaces moments, and moments replace a time range.
    for (const name of ['since', 'until', 'occurred_since', 'occurred_until', 'range']) {
      const field = filter.elements[name]
      const freshField = page.querySelector(`form.filter [name="${name}"]`)
      const { value } = freshField
      if (name === 'range') {
        field.replaceChildren(...freshField.childNodes)
        field.value = value
      } else if (field !== document.activeElement) {
        field.dataset.utc = value
      }
    }
    results.removeAttribute('aria-busy')
    document.getElementById('outcome').textContent = results.querySelector('figcaption, .empty')?.textContent ?? ''
    showTimes()
  } catch {
    // The server's own page explains best what is wrong.
    if (number === newest) location.assign(address(filter))
  }
}

let pause
filter?.addEventListener('input', (event) => {
  clearTimeout(pause)
  const field = event.target
  if (field.name === 'since' || field.name === 'until') filter.elements.range.value = ''
  const isTyped = event.target.matches('input:not([type="checkbox"])')
  pause = setTimeout(apply, isTyped ? 300 : 0, isTyped ? event.target : null)
})
filter?.addEventListener('submit', (event) => {
  event.preventDefault()
  clearTimeout(pause)
  // A button among the results changes conditions, and the form has to follow.
  if (event.submitter?.name) location.assign(address(filter, event.submitter))
  else apply(null)
})
// A link to a fragment of this page is also a step of the history.
addEventListener('popstate', () => {
  if (view() !== shown) location.reload()
})
